package org.postern.testkitservices;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisWriter;

/**
 * Builds Service Requests for tests, as a DUIS document or in the JSON form. What the catalogue defines for the service
 * is set. Immutable: each call returns a new builder.
 */
public final class Requests {

    private static final Eui64 USER = Eui64.parse("90B3D51F30010000");
    private static final Eui64 METER = Eui64.parse("00DB1234567890A0");

    private final ServiceRow service;
    private final RequestId id;
    private final List<DuisElement> content;

    private Requests(ServiceRow service, RequestId id, List<DuisElement> content) {
        this.service = service;
        this.id = id;
        this.content = List.copyOf(content);
    }

    /**
     * A request of that Service Reference Variant without content, from the supplier in the reference data to its
     * meter.
     *
     * @throws org.postern.catalogue.PosternException PST-1003 if the catalogue does not contain it
     */
    public static Requests of(String variant) {
        return new Requests(new ServiceCatalogue().require(variant), new RequestId(USER, METER, 1000), List.of());
    }

    /** Sets the User that sends the request. */
    public Requests by(Eui64 originator) {
        return new Requests(service, new RequestId(originator, id.target(), id.counter()), content);
    }

    /** Sets the device or party that the request is for. */
    public Requests to(Eui64 target) {
        return new Requests(service, new RequestId(id.originator(), target, id.counter()), content);
    }

    /** Sets the Originator Counter. */
    public Requests counted(long counter) {
        return new Requests(service, new RequestId(id.originator(), id.target(), counter), content);
    }

    /** Adds an element to the body. */
    public Requests with(DuisElement element) {
        List<DuisElement> more = new ArrayList<>(content);
        more.add(element);
        return new Requests(service, id, more);
    }

    /** Adds an element with text to the body. */
    public Requests with(String element, String text) {
        return with(DuisElement.leaf(element, text));
    }

    /** The request. */
    public DuisRequest request() {
        return new DuisRequest(
                id,
                service.variants().get(0),
                service.reference(),
                service.variant(),
                DuisElement.of(service.bodyElement(), content));
    }

    /** The document, without a signature. */
    public byte[] xml() {
        return DuisWriter.write(request()).toArray();
    }

    /**
     * The JSON form, which states the User Role; the appliance sets User and counter.
     *
     * @param role the role of the sender
     */
    public String json(UserRole role) {
        return "{\"service\": \"" + service.variant() + "\", \"device\": \""
                + id.target().dashed() + "\", \"role\": \"" + role + "\", \"body\": " + object(content) + "}";
    }

    /** The JSON form in UTF-8. */
    public byte[] jsonBytes(UserRole role) {
        return json(role).getBytes(StandardCharsets.UTF_8);
    }

    private static String object(List<DuisElement> elements) {
        Map<String, List<DuisElement>> byName = new LinkedHashMap<>();
        elements.forEach(element -> byName.computeIfAbsent(element.name(), name -> new ArrayList<>())
                .add(element));
        return byName.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\": " + values(entry.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String values(List<DuisElement> elements) {
        return elements.size() == 1
                ? value(elements.get(0))
                : elements.stream().map(Requests::value).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String value(DuisElement element) {
        if (!element.attributes().isEmpty()) {
            throw new IllegalArgumentException("the JSON form has no attributes: " + element);
        }
        return element.children().isEmpty() ? "\"" + element.text() + "\"" : object(element.children());
    }
}
