package org.postern.parsecorrelate;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One element of an MMC document. Immutable.
 *
 * @param name local name; all are in {@link MmcDocument#NAMESPACE}
 * @param attributes in the order in which they are written
 * @param text character content; empty if there are children
 * @param children in the schema's order
 */
public record MmcElement(String name, Map<String, String> attributes, String text, List<MmcElement> children) {

    public MmcElement {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(text, "text");
        // with a single attribute, a plain immutable map keeps the order
        attributes = attributes.size() < 2 ? Map.copyOf(attributes) : OrderedAttributes.copyOf(attributes);
        children = List.copyOf(children);
    }

    /**
     * Two attributes in this order.
     *
     * @throws IllegalArgumentException if both have the same name
     */
    public static Map<String, String> attributes(String first, String firstValue, String second, String secondValue) {
        if (first.equals(second)) {
            throw new IllegalArgumentException("two attributes with the name " + first);
        }
        return new OrderedAttributes(first, firstValue, second, secondValue);
    }

    /** An element with text. */
    public static MmcElement text(String name, String text) {
        return new MmcElement(name, Map.of(), text, List.of());
    }

    /** An element with children. */
    public static MmcElement of(String name, List<MmcElement> children) {
        return new MmcElement(name, Map.of(), "", children);
    }

    /** The first child of that name. */
    public Optional<MmcElement> child(String childName) {
        return children.stream().filter(c -> c.name.equals(childName)).findFirst();
    }

    /** The first element down the slash-separated path of child names. */
    public Optional<MmcElement> find(String path) {
        MmcElement at = this;
        for (String step : path.split("/")) {
            Optional<MmcElement> next = at.child(step);
            if (next.isEmpty()) {
                return Optional.empty();
            }
            at = next.get();
        }
        return Optional.of(at);
    }

    /** The name only: the content may be personal data. */
    @Override
    public String toString() {
        return "<" + name + ">";
    }
}
