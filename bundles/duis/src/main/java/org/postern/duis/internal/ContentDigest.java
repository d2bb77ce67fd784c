package org.postern.duis.internal;

import java.util.HexFormat;
import java.util.TreeMap;
import org.postern.duis.DuisElement;

/**
 * A digest of what a response says, the same for every signature, prefix and white space around it: every element as
 * namespace, name, attributes in alphabetical order, text and number of children, each value led by its length.
 */
public final class ContentDigest {

    private final ByteSink out = ByteSink.digesting();
    private final boolean dated;

    private ContentDigest(boolean dated) {
        this.dated = dated;
    }

    /**
     * SHA-256 in lower-case hex; the response's date-time is left out where the header names a RequestID or ResponseID.
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
        out.counted(element.namespace());
        out.counted(element.name());
        out.number(element.attributes().size());
        if (!element.attributes().isEmpty()) {
            new TreeMap<>(element.attributes()).forEach((name, text) -> {
                out.counted(name);
                out.counted(text.strip());
            });
        }
        if (!dated && element.name().equals("ResponseDateTime") && parent.equals("Header")) {
            return;
        }
        out.counted(element.text().strip());
        out.number(element.children().size());
        for (DuisElement child : element.children()) {
            element(child, element.name());
        }
    }
}
