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
 * Service Requests for tests, as a document of DUIS or in the JSON form. Everything that the catalogue says of the
 * service is set; each call gives another builder.
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
     * A request of that Service Reference Variant without content, of the reference data's supplier to its meter.
     *
     * @throws org.postern.catalogue.PosternException PST-1003 where the catalogue does not know it
     */
    public static Requests of(String variant) {
        return new Requests(new ServiceCatalogue().require(variant), new RequestId(USER, METER, 1000), List.of());
    }

    /** By that User. */
    public Requests by(Eui64 originator) {
        return new Requests(service, new RequestId(originator, id.target(), id.counter()), content);
    }

    /** To that device or party. */
    public Requests to(Eui64 target) {
        return new Requests(service, new RequestId(id.originator(), target, id.counter()), content);
    }

    /** With that Originator Counter. */
    public Requests counted(long counter) {
        return new Requests(service, new RequestId(id.originator(), id.target(), counter), content);
    }

    /** With one more element in the body's element. */
    public Requests with(DuisElement element) {
        List<DuisElement> more = new ArrayList<>(content);
        more.add(element);
        return new Requests(service, id, more);
    }

    /** With one more element that has a text. */
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
     * The JSON form, which names the role and leaves the User and the counter to the appliance.
     *
     * @param role who sends it
     */
    public String json(UserRole role) {
        return "{\"service\": \"" + service.variant() + "\", \"device\": \""
                + id.target().dashed() + "\", \"role\": \"" + role + "\", \"body\": " + object(content) + "}";
    }

    /** The same in UTF-8. */
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
            throw new IllegalArgumentException("attributes have no place here: " + element);
        }
        return element.children().isEmpty() ? "\"" + element.text() + "\"" : object(element.children());
    }
}
