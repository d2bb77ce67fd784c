package org.postern.duis.internal;

import java.util.Optional;
import java.util.regex.Pattern;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.RequestId;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisFault;
import org.postern.duis.DuisRequest;

/** Converts the tree of a request to a record. */
public final class RequestMapping {

    private static final Pattern VERSION = Pattern.compile("\\d{1,3}(\\.\\d{1,3})?");
    private static final Pattern REFERENCE = Pattern.compile("\\d{1,2}\\.\\d{1,2}(\\.\\d{1,2})?");

    private RequestMapping() {}

    /** The request with this root. */
    public static DuisRequest request(DuisElement root) {
        Fields document = new Fields("Request", root(root, "Request"));
        Fields header = new Fields("Header", document.required("Header"));
        RequestId id = header.id("RequestID", RequestId::parse);
        Optional<Boolean> first = header.optionalText("FirstInSequence").map(text -> bool(header, text));
        Optional<RequestId> preceding = header.optionalId("PrecedingServiceRequestID", RequestId::parse);
        String number = header.text("CommandVariant");
        if (!number.matches("[1-9]")) {
            throw header.value("CommandVariant", "1 to 8", "another text");
        }
        CommandVariant variant = CommandVariant.of(Integer.parseInt(number));
        String reference = reference(header, "ServiceReference");
        String serviceVariant = reference(header, "ServiceReferenceVariant");
        header.end();
        Fields body = new Fields("Body", document.required("Body"));
        DuisElement service = body.any("one request element");
        body.end();
        document.end();
        return new DuisRequest(version(root), id, first, preceding, variant, reference, serviceVariant, service);
    }

    static DuisElement root(DuisElement root, String name) {
        if (!root.namespace().equals(DuisElement.DUIS) || !root.name().equals(name)) {
            throw DocumentParser.refused(
                    DuisFault.FOREIGN_NAME,
                    "document",
                    "root element " + name + " in the namespace of DUIS",
                    "another root element",
                    "send a DUIS " + name);
        }
        return root;
    }

    static String version(DuisElement root) {
        String version = root.attributes().get("schemaVersion");
        if (version == null || !VERSION.matcher(version.strip()).matches()) {
            throw DocumentParser.refused(
                    DuisFault.INVALID_VALUE,
                    root.name() + "/@schemaVersion",
                    "a version such as 5.4",
                    "missing or malformed",
                    "ask the sender to correct it");
        }
        return version.strip();
    }

    static String reference(Fields fields, String name) {
        String text = fields.text(name);
        if (!REFERENCE.matcher(text).matches()) {
            throw fields.value(name, "numbers joined by dots", "another text");
        }
        return text;
    }

    private static boolean bool(Fields header, String text) {
        return switch (text) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw header.value("FirstInSequence", "true or false", "another text");
        };
    }
}
