package org.postern.duis.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisException;
import org.postern.duis.DuisFault;
import org.postern.duis.DuisLimits;
import org.postern.duis.RequestForm;
import org.postern.duis.TopUpForm;
import org.postern.duis.internal.BodyStructure.Member;

/** Reads the JSON form of a request and arranges the elements of the body in the order of DUIS. */
public final class JsonForm {

    private static final String TOP_UP = "topUp";
    private static final String TOP_UP_SERVICE = "2.2";
    private static final String FORM = "docs/openapi.yaml specifies the form";

    private final ServiceCatalogue catalogue;
    private final BodyStructure structure;
    private final DuisLimits limits;
    private final JsonFactory factory;
    private int values;

    public JsonForm(ServiceCatalogue catalogue, BodyStructure structure, DuisLimits limits) {
        this.catalogue = catalogue;
        this.structure = structure;
        this.limits = limits;
        this.factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.maxDepth())
                        .maxStringLength(limits.maxBytes())
                        .maxNumberLength(64)
                        .build())
                .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .build();
    }

    /** Reads one request. */
    public RequestForm read(byte[] json) {
        return withFault(() -> form(object(json)));
    }

    /** Reads a top-up if there is a member {@code topUp}, otherwise a request. */
    public <R> R read(byte[] json, Function<RequestForm, R> request, Function<Supplier<TopUpForm>, R> topUp) {
        Map<?, ?> form = withFault(() -> object(json));
        return form.containsKey(TOP_UP)
                ? topUp.apply(() -> withFault(() -> topUpForm(form)))
                : request.apply(withFault(() -> form(form)));
    }

    private RequestForm form(Map<?, ?> form) {
        allowed(
                form,
                List.of("service", "device", "role", "body", "commandVariant", "delivery"),
                "; for a top-up service, device, role, " + TOP_UP);
        ServiceRow service = catalogue.require(
                "service",
                text(form, "service")
                        .orElseThrow(() -> missing("service", "a Service Reference Variant such as 4.1.1")));
        return new RequestForm(service, device(form, service), role(form), variant(form, service), body(form, service));
    }

    /** Reads one top-up. */
    public TopUpForm readTopUp(byte[] json) {
        return withFault(() -> topUpForm(object(json)));
    }

    /**
     * The result depends only on the bytes, so an exception without a fault code means that these bytes can never be
     * read.
     */
    private static <T> T withFault(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (PosternException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            throw new DuisException(
                    DuisFault.NOT_JSON.fault(
                            "document",
                            "the JSON form of a request",
                            "the request cannot be read: " + e.getClass().getSimpleName()),
                    e);
        }
    }

    private TopUpForm topUpForm(Map<?, ?> form) {
        allowed(form, List.of("service", "device", "role", TOP_UP), "");
        ServiceRow service = text(form, "service")
                .map(given -> catalogue.require("service", given))
                .orElseGet(() -> catalogue.require(TOP_UP_SERVICE));
        if (!service.variant().equals(TOP_UP_SERVICE)) {
            throw field("service", TOP_UP_SERVICE + " where " + TOP_UP + " is given", "another service");
        }
        if (!(form.get(TOP_UP) instanceof Map<?, ?> amount) || amount.size() != 1) {
            Object given = form.get(TOP_UP);
            throw given == null
                    ? missing(TOP_UP, "an object of one member: pence, pounds or amount")
                    : field(
                            TOP_UP,
                            "an object of one member: pence, pounds or amount",
                            given instanceof Map ? "another number of members" : kind(given));
        }
        Map.Entry<?, ?> given = amount.entrySet().iterator().next();
        if (!List.of("pence", "pounds", "amount").contains(given.getKey())
                || !(given.getValue() instanceof String value)) {
            throw field(TOP_UP, "pence, pounds or amount, with a number", "another member, or another value");
        }
        return new TopUpForm(
                device(form, service).orElseThrow(),
                text(form, "role").orElseThrow(() -> missing("role", "a User Role or User ID")),
                Map.entry((String) given.getKey(), value.strip()));
    }

    private static void allowed(Map<?, ?> form, List<String> names, String others) {
        for (Object name : form.keySet()) {
            if (!names.contains(name)) {
                throw refused(
                        DuisFault.JSON_MEMBER,
                        printable(name),
                        "one of " + String.join(", ", names) + others,
                        "an unknown name",
                        "remove it, or correct its spelling; " + FORM);
            }
        }
    }

    private Map<?, ?> object(byte[] json) {
        try (JsonParser parser = factory.createParser(json)) {
            Object value = parser.nextToken() == null ? "" : value(parser);
            if (!(value instanceof Map<?, ?> map) || parser.nextToken() != null) {
                throw refused(DuisFault.NOT_JSON, "document", "one JSON object", "another value", "send one object");
            }
            return map;
        } catch (IOException e) {
            throw refused(
                    DuisFault.NOT_JSON,
                    "document",
                    "well-formed JSON without duplicate names",
                    position(e),
                    "ask the sender to correct it");
        }
    }

    /** States the position of the error, but none of the content. */
    private static String position(IOException why) {
        JsonLocation at = why instanceof JsonProcessingException json ? json.getLocation() : null;
        return "it is not" + (at == null ? "" : ", at line " + at.getLineNr() + ", column " + at.getColumnNr());
    }

    private Object value(JsonParser parser) throws IOException {
        if (++values > limits.maxElements()) {
            throw refused(
                    DuisFault.DOCUMENT_TOO_COMPLEX,
                    "document",
                    "at most " + limits.maxElements() + " values",
                    "there are more",
                    "split the request");
        }
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, Object> map = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                map.put(name, value(parser));
            }
            return map;
        }
        if (token == JsonToken.START_ARRAY) {
            List<Object> list = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                list.add(value(parser));
            }
            return list;
        }
        if (token == null || token == JsonToken.VALUE_NULL) {
            throw refused(
                    DuisFault.JSON_MEMBER,
                    printable(parser.currentName()),
                    "a value",
                    "null",
                    "set a value, or omit the member");
        }
        // numbers are read as text, because DUIS is text and 1.50 must not become 1.5
        return parser.getText();
    }

    private static Optional<String> text(Map<?, ?> form, String name) {
        Object value = form.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof String text) {
            return Optional.of(text.strip());
        }
        throw field(name, "a text or a number", kind(value));
    }

    private static Optional<Eui64> device(Map<?, ?> form, ServiceRow service) {
        Optional<String> text = text(form, "device");
        if (text.isPresent() == service.nonDevice()) {
            throw service.nonDevice()
                    ? field(
                            "device",
                            "none for service " + service.variant() + ", which does not address a device",
                            "a value is present")
                    : missing("device", "the device's EUI-64");
        }
        try {
            return text.map(Eui64::parse);
        } catch (PosternException e) {
            throw field("device", e.fault().rule(), "another text");
        }
    }

    private static UserRole role(Map<?, ?> form) {
        String rule = "one of " + List.of(UserRole.values());
        String name = text(form, "role").orElseThrow(() -> missing("role", rule));
        for (UserRole role : UserRole.values()) {
            if (role.name().equals(name)) {
                return role;
            }
        }
        throw field("role", rule, "another text");
    }

    private static CommandVariant variant(Map<?, ?> form, ServiceRow service) {
        Optional<String> number = text(form, "commandVariant");
        Optional<String> delivery = text(form, "delivery");
        if (delivery.isPresent()) {
            return delivered(delivery.get(), number.isPresent(), service);
        }
        if (number.isEmpty()) {
            return service.firstVariant();
        }
        return service.variants().stream()
                .filter(v -> Integer.toString(v.number()).equals(number.get()) && !v.carriesSignedPreCommand())
                .findFirst()
                .orElseThrow(() -> field(
                        "commandVariant",
                        "one of " + service.variants() + " without a Signed Pre-Command",
                        "another number"));
    }

    /**
     * The Command Variant for the way in which the command reaches the device. For a critical service it is that of the
     * Signed Pre-Command (DUIS, Command Variants).
     */
    private static CommandVariant delivered(String delivery, boolean numbered, ServiceRow service) {
        if (numbered || service.nonDevice()) {
            throw numbered
                    ? field("delivery", "delivery or commandVariant, not both", "both")
                    : field(
                            "delivery",
                            "none for service " + service.variant() + ", which does not address a device",
                            "a value is present");
        }
        CommandVariant variant = switch (delivery) {
            case "wan" -> service.firstVariant();
            case "local" -> service.critical() ? CommandVariant.CV6 : CommandVariant.CV2;
            case "both" -> service.critical() ? CommandVariant.CV7 : CommandVariant.CV3;
            default -> throw field("delivery", "wan, local or both", "another text");
        };
        if (!service.variants().contains(variant)) {
            throw field(
                    "delivery",
                    "wan: service " + service.variant() + " has no command for local delivery",
                    "local or both");
        }
        return variant;
    }

    private DuisElement body(Map<?, ?> form, ServiceRow service) {
        Object body = form.get("body");
        if (body != null && !(body instanceof Map)) {
            throw field("body", "an object", kind(body));
        }
        DuisElement element = element(
                service.bodyElement(),
                body == null ? Map.of() : body,
                structure.contentOf(service.bodyElement()),
                "Body/" + service.bodyElement());
        structure.check(element);
        return element;
    }

    private DuisElement element(String name, Object value, String content, String path) {
        if (value instanceof String text) {
            return DuisElement.leaf(name, text);
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw refused(
                    DuisFault.JSON_MEMBER, path, "an object or a text", "an array within an array", "correct the body");
        }
        List<Member> members = structure.members(content);
        List<DuisElement> children = new ArrayList<>();
        Map<String, String> attributes = new LinkedHashMap<>();
        String text = "";
        for (Object key : map.keySet()) {
            if (members.stream().noneMatch(m -> m.name().equals(key))) {
                throw refused(
                        DuisFault.UNEXPECTED_ELEMENT,
                        path + "/" + printable(key),
                        "a member of this element in DUIS 5.4",
                        "an unknown name",
                        "correct the body");
            }
        }
        for (Member member : members) {
            Object memberValue = map.get(member.name());
            if (memberValue == null) {
                continue;
            }
            if (member.name().startsWith("@") || member.name().equals("$")) {
                if (!(memberValue instanceof String plain)) {
                    throw refused(
                            DuisFault.JSON_MEMBER,
                            path + "/" + member.name(),
                            "a text or number",
                            kind(memberValue),
                            "correct the body");
                }
                if (member.name().equals("$")) {
                    text = plain;
                } else {
                    attributes.put(member.name().substring(1), plain);
                }
                continue;
            }
            for (Object one : memberValue instanceof List<?> list ? list : List.of(memberValue)) {
                children.add(element(member.name(), one, member.content(), path + "/" + member.name()));
            }
        }
        return new DuisElement(DuisElement.DUIS, name, attributes, children, text);
    }

    /** The name that the caller used, or {@code ?} where it has unusual characters. */
    private static String printable(Object key) {
        String name = String.valueOf(key);
        return name.matches("[@$A-Za-z0-9_.-]{1,80}") ? name : "?";
    }

    /** The type of a value, without its content. */
    private static String kind(Object value) {
        return value instanceof Map ? "an object" : value instanceof List ? "an array" : "a text or a number";
    }

    private static DuisException missing(String name, String rule) {
        return refused(DuisFault.JSON_MEMBER, name, rule, "the member is missing", "add \"" + name + "\"; " + FORM);
    }

    private static DuisException field(String name, String rule, String found) {
        return refused(DuisFault.JSON_MEMBER, name, rule, found, "correct \"" + name + "\"; " + FORM);
    }

    private static DuisException refused(DuisFault kind, String field, String rule, String cause, String action) {
        return DocumentParser.refused(kind, field, rule, cause, action);
    }
}
