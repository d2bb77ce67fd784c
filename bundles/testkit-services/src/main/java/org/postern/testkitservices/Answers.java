package org.postern.testkitservices;

import java.time.Instant;
import java.util.Optional;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.duis.Bytes;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;

/** Builds the DCC's answers to requests, for tests. Immutable: each call returns a new builder. */
public final class Answers {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final RequestId request;
    private final ServiceRow service;
    private final String code;
    private final Instant at;
    private final Optional<ResponsePayload> payload;

    private Answers(RequestId request, ServiceRow service, String code, Instant at, Optional<ResponsePayload> payload) {
        this.request = request;
        this.service = service;
        this.code = code;
        this.at = at;
        this.payload = payload;
    }

    /**
     * A success without content.
     *
     * @param variant Service Reference Variant of the request
     * @throws org.postern.catalogue.PosternException PST-1003 if the catalogue does not contain it
     */
    public static Answers to(RequestId request, String variant) {
        return new Answers(request, new ServiceCatalogue().require(variant), "I0", NOON, Optional.empty());
    }

    /** Sets the response code; the default {@code I0} means success. */
    public Answers code(String other) {
        return new Answers(request, service, other, at, payload);
    }

    /** Sets the time of the answer. */
    public Answers at(Instant time) {
        return new Answers(request, service, code, time, payload);
    }

    /** Sets the payload. */
    public Answers with(ResponsePayload inside) {
        return new Answers(request, service, code, at, Optional.of(inside));
    }

    /** Sets a message of the device as the payload. */
    public Answers gbcs(byte[] message) {
        return with(new ResponsePayload.GbcsPayload(Bytes.of(message)));
    }

    /** The response. */
    public DuisResponse response() {
        return new DuisResponse(
                "5.4",
                Optional.of(request),
                Optional.of(request.responseId()),
                code,
                at,
                new ResponseBody.ResponseMessage(service.reference(), service.variant(), payload));
    }
}
