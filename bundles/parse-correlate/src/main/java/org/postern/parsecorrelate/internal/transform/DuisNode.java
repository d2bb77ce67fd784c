package org.postern.parsecorrelate.internal.transform;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postern.duis.DuisElement;

/**
 * One element or attribute of a Service Request's body, with its local name and without surrounding white space.
 *
 * <p>This is not a DOM tree because the rules need the DUIS path of each value that they read, to name the field in
 * which two messages differ.
 */
public final class DuisNode {

    private final String name;
    private final @Nullable DuisNode parent;
    private final Map<String, DuisNode> attributes = new LinkedHashMap<>();
    private final List<DuisNode> children = new ArrayList<>();
    private String text = "";
    private String raw = "";
    private int ordinal = 1;
    private boolean repeated;
    private @Nullable String path;

    private DuisNode(String name, @Nullable DuisNode parent) {
        this.name = name;
        this.parent = parent;
    }

    /** Copies the element and all its descendants. */
    public static DuisNode of(DuisElement element) {
        return copy(element, null);
    }

    private static DuisNode copy(DuisElement element, @Nullable DuisNode parent) {
        DuisNode node = new DuisNode(element.name(), parent);
        element.attributes().forEach((key, value) -> {
            DuisNode leaf = new DuisNode("@" + key, node);
            leaf.text = value.strip();
            node.attributes.put(key, leaf);
        });
        Map<String, DuisNode> last = new LinkedHashMap<>();
        for (DuisElement child : element.children()) {
            DuisNode made = copy(child, node);
            DuisNode before = last.put(made.name, made);
            if (before != null) {
                made.ordinal = before.ordinal + 1;
                made.repeated = true;
                before.repeated = true;
            }
            node.children.add(made);
        }
        node.raw = element.text();
        node.text = node.raw.strip();
        return node;
    }

    String name() {
        return name;
    }

    String text() {
        return text;
    }

    /** The unchanged text: white space is part of a name, but not of a number. */
    String raw() {
        return raw;
    }

    @Nullable
    DuisNode parent() {
        return parent;
    }

    List<DuisNode> children() {
        return Collections.unmodifiableList(children);
    }

    List<DuisNode> children(String wanted) {
        List<DuisNode> found = new ArrayList<>();
        for (DuisNode child : children) {
            if (child.name.equals(wanted)) {
                found.add(child);
            }
        }
        return found;
    }

    /** Sorts the children of that name within their positions; their paths remain those of the document. */
    void order(String wanted, Comparator<DuisNode> order) {
        List<DuisNode> sorted = new ArrayList<>(children(wanted));
        sorted.sort(order);
        Iterator<DuisNode> next = sorted.iterator();
        children.replaceAll(child -> child.name.equals(wanted) ? next.next() : child);
    }

    @Nullable
    DuisNode attribute(String wanted) {
        return attributes.get(wanted);
    }

    /** Path from the body's element down; a repeated element has its number, from 1. */
    String path() {
        if (path == null) {
            String own = repeated ? name + "[" + ordinal + "]" : name;
            path = parent == null ? own : parent.path() + "/" + own;
        }
        return path;
    }

    @Override
    public String toString() {
        return path();
    }
}
