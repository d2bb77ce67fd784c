package org.postern.duis.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.postern.duis.DuisElement;

/**
 * A digest of what a response says, the same for every signature, prefix and white space around it: every element as
 * namespace, name, attributes in alphabetical order, text and number of children, each value led by its length.
 */
public final class ContentDigest {

    private final MessageDigest digest = ByteSink.sha256();
    private final boolean dated;

    private ContentDigest(boolean dated) {
        this.dated = dated;
    }

    /** SHA-256 in lower-case hex; the response's date-time is left out where the header names a RequestID or ResponseID. */
    public static String of(DuisElement root) {
        boolean named = root.child("Header").filter(header -> header.child("RequestID").isPresent()
                || header.child("ResponseID").isPresent()).isPresent();
        ContentDigest content = new ContentDigest(!named);
        content.element(root, "");
        return HexFormat.of().formatHex(content.digest.digest());
    }

    private void element(DuisElement element, String parent) {
        value(element.namespace());
        value(element.name());
        Map<String, String> attributes = new TreeMap<>(element.attributes());
        number(attributes.size());
        attributes.forEach((name, text) -> {
            value(name);
            value(text.strip());
        });
        if (!dated && element.name().equals("ResponseDateTime") && parent.equals("Header")) {
            return;
        }
        value(element.text().strip());
        number(element.children().size());
        element.children().forEach(child -> element(child, element.name()));
    }

    private void value(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(bytes.length);
        digest.update(bytes);
    }

    private void number(int value) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(value).flip());
    }
}
