package org.postern.parsecorrelate.internal.mmc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postern.parsecorrelate.MmcElement;

/** An element being built. */
final class ElementBuilder {

    private final String name;
    // most elements have neither attributes nor children
    private Map<String, String> attributes = Map.of();
    private List<ElementBuilder> children = List.of();
    private String text = "";
    private @Nullable MmcElement finished;

    ElementBuilder(String name) {
        this.name = name;
    }

    /** The element at the path: at each step the last child if it has that name, otherwise a new one. */
    ElementBuilder open(List<String> path) {
        ElementBuilder at = this;
        for (int i = 0; i < path.size(); i++) {
            String step = path.get(i);
            ElementBuilder last = at.children.isEmpty() ? null : at.children.get(at.children.size() - 1);
            at = last != null && last.name.equals(step) ? last : at.add(step);
        }
        return at;
    }

    ElementBuilder add(String childName) {
        ElementBuilder child = new ElementBuilder(childName);
        if (children.isEmpty()) {
            children = new ArrayList<>();
        }
        children.add(child);
        return child;
    }

    /** Adds finished elements. */
    void addAll(List<MmcElement> elements) {
        for (MmcElement e : elements) {
            add(e.name()).finished = e;
        }
    }

    void text(String value) {
        text = value;
    }

    void attribute(String attribute, String value) {
        if (attributes.isEmpty()) {
            attributes = Map.of(attribute, value);
            return;
        }
        if (attributes.size() == 1) {
            attributes = new LinkedHashMap<>(attributes);
        }
        attributes.put(attribute, value);
    }

    /** Removes the attribute. */
    Optional<String> takeAttribute(String attribute) {
        String value = attributes.get(attribute);
        if (value != null) {
            attributes = new LinkedHashMap<>(attributes);
            attributes.remove(attribute);
        }
        return Optional.ofNullable(value);
    }

    /** Removes the last child. */
    void dropLast() {
        children.remove(children.size() - 1);
    }

    int size() {
        return children.size();
    }

    MmcElement build() {
        if (finished != null) {
            return finished;
        }
        if (children.isEmpty()) {
            return new MmcElement(name, attributes, text, List.of());
        }
        if (children.size() == 1) {
            return new MmcElement(
                    name, attributes, text, List.of(children.get(0).build()));
        }
        MmcElement[] built = new MmcElement[children.size()];
        for (int i = 0; i < built.length; i++) {
            built[i] = children.get(i).build();
        }
        return new MmcElement(name, attributes, text, List.of(built));
    }
}
