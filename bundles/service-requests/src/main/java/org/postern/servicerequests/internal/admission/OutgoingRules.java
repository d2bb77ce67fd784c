package org.postern.servicerequests.internal.admission;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.postern.catalogue.PosternException;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules for our own document, checked after the request has been checked and numbered and before it is stored: it
 * can be read again at every later step, its firmware image may be activated, and the official schema accepts it.
 */
public final class OutgoingRules {

    private static final Logger LOG = LoggerFactory.getLogger(OutgoingRules.class);

    private final DuisLimits limits;
    private final FirmwareRule firmware;
    private final Consumer<byte[]> schema;

    /**
     * @param limits limits of the readers that read the document later
     * @param firmware rule for the activation of firmware (service 11.3)
     * @param schema throws for a document that the official schema does not accept; does nothing if no schema is
     *     installed
     */
    public OutgoingRules(DuisLimits limits, FirmwareRule firmware, Consumer<byte[]> schema) {
        this.limits = Objects.requireNonNull(limits, "limits");
        this.firmware = Objects.requireNonNull(firmware, "firmware");
        this.schema = Objects.requireNonNull(schema, "schema");
    }

    /**
     * The document of a request.
     *
     * @throws PosternException PST-1010, PST-1011, PST-1015 and PST-1018 if it cannot be written so that it can be read
     *     again; PST-2160 to PST-2162 for a firmware image; PST-1030 by the official schema
     */
    byte[] document(DuisRequest request) {
        byte[] document = DuisWriter.write(request, limits).toArray();
        firmware.check(request);
        schema.accept(document);
        return document;
    }

    /** A note for people on a request that is admitted; empty if there is none. */
    Optional<String> remark(DuisRequest request) {
        try {
            return firmware.remark(request);
        } catch (RuntimeException e) {
            // the failure concerns an earlier document and must not prevent the admission of this one
            LOG.warn(
                    "{}: not compared with earlier distributions: {}",
                    request.requestId(),
                    e instanceof PosternException typed
                            ? typed.fault().toString()
                            : e.getClass().getSimpleName());
            return Optional.empty();
        }
    }
}
