package org.postern.duis.internal;

import java.util.HexFormat;
import java.util.TreeMap;
import org.postern.duis.DuisElement;

/**
 * A digest of the content of a response, which does not depend on its signature, prefixes and surrounding white space.
 * It covers for every element the namespace, the name, the attributes in alphabetical order, the text and the number of
 * children; each text is preceded by its length.
 */
public final class ContentDigest {

    private final ByteSink out = ByteSink.digesting();
    private final boolean includeDateTime;

    private ContentDigest(boolean includeDateTime) {
        this.includeDateTime = includeDateTime;
    }

    /**
     * SHA-256 in lower-case hex. It excludes the date-time of the response where the header states a RequestID or
     * ResponseID.
     */
    public static String of(DuisElement root) {
        boolean named = root.child("Header")
                .filter(header -> header.child("RequestID").isPresent()
                        || header.child("ResponseID").isPresent())
                .isPresent();
        ContentDigest content = new ContentDigest(!named);
        content.element(root, "");
        return HexFormat.of().formatHex(content.out.digestValue());
    }

    private void element(DuisElement element, String parent) {
        out.lengthPrefixed(element.namespace());
        out.lengthPrefixed(element.name());
        out.number(element.attributes().size());
        if (!element.attributes().isEmpty()) {
            new TreeMap<>(element.attributes()).forEach((name, text) -> {
                out.lengthPrefixed(name);
                out.lengthPrefixed(text.strip());
            });
        }
        if (!includeDateTime && element.name().equals("ResponseDateTime") && parent.equals("Header")) {
            return;
        }
        out.lengthPrefixed(element.text().strip());
        out.number(element.children().size());
        for (DuisElement child : element.children()) {
            element(child, element.name());
        }
    }
}
