package org.postern.duis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One element of a DUIS document with its content: immutable, without prefixes, comments and the white space between
 * elements. An element has either children or text, never both.
 *
 * <p>A path addresses a descendant: {@code PriceElements/ElectricityPriceElement/BlockPrices[2]/BlockPrice} consists of
 * names of children. {@code [n]} selects the n-th child with that name, counted from 1; without it the first is
 * selected. A last step such as {@code @index} selects an attribute.
 *
 * @param namespace namespace URI
 * @param name local name
 * @param attributes attributes without a namespace, by name
 * @param children children in document order
 * @param text text of a leaf exactly as read; empty for an element with children
 */
public record DuisElement(
        String namespace, String name, Map<String, String> attributes, List<DuisElement> children, String text) {

    /** Namespace of DUIS. */
    public static final String DUIS = "http://www.dccinterface.co.uk/ServiceUserGateway";
    /** Namespace of device data in the MMC form. */
    public static final String MMC = "http://www.dccinterface.co.uk/ResponseAndAlert";
    /** Namespace of XML signatures. */
    public static final String SIGNATURE = "http://www.w3.org/2000/09/xmldsig#";

    public DuisElement {
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(text, "text");
        // nearly all elements have no attributes
        attributes = attributes.isEmpty()
                ? Map.of()
                : java.util.Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        children = List.copyOf(children);
        if (!children.isEmpty() && !text.isEmpty()) {
            throw DuisException.of(
                    DuisFault.UNEXPECTED_TEXT,
                    name,
                    "children or text",
                    "both",
                    "remove the text between the elements");
        }
    }

    /** A DUIS leaf with text. */
    public static DuisElement leaf(String name, String text) {
        return new DuisElement(DUIS, name, Map.of(), List.of(), text);
    }

    /** A DUIS element with these children; without children it is empty. */
    public static DuisElement of(String name, DuisElement... children) {
        return new DuisElement(DUIS, name, Map.of(), List.of(children), "");
    }

    /** A DUIS element with these children. */
    public static DuisElement of(String name, List<DuisElement> children) {
        return new DuisElement(DUIS, name, Map.of(), children, "");
    }

    /** The same element with one attribute set. */
    public DuisElement with(String attribute, String value) {
        Map<String, String> more = new LinkedHashMap<>(attributes);
        more.put(attribute, value);
        return new DuisElement(namespace, name, more, children, text);
    }

    /** The same element with one more child at the end. */
    public DuisElement plus(DuisElement child) {
        List<DuisElement> more = new ArrayList<>(children);
        more.add(child);
        return new DuisElement(namespace, name, attributes, more, text);
    }

    /** The first child with this name. */
    public Optional<DuisElement> child(String childName) {
        for (DuisElement child : children) {
            if (child.name.equals(childName)) {
                return Optional.of(child);
            }
        }
        return Optional.empty();
    }

    /** All children with this name, in document order. */
    public List<DuisElement> children(String childName) {
        return children.stream().filter(c -> c.name.equals(childName)).toList();
    }

    /** The element at a path; this element where the path is empty. */
    public Optional<DuisElement> at(String path) {
        DuisElement current = this;
        for (String step : path.isEmpty() ? new String[0] : path.split("/")) {
            int bracket = step.indexOf('[');
            int remaining = bracket < 0 ? 1 : Integer.parseInt(step.substring(bracket + 1, step.length() - 1));
            String childName = bracket < 0 ? step : step.substring(0, bracket);
            DuisElement found = null;
            for (DuisElement child : current.children) {
                if (child.name.equals(childName) && --remaining == 0) {
                    found = child;
                    break;
                }
            }
            if (found == null) {
                return Optional.empty();
            }
            current = found;
        }
        return Optional.of(current);
    }

    /**
     * The text at a path, without leading and trailing white space; the value of an attribute where the path ends in
     * {@code @name}.
     */
    public Optional<String> find(String path) {
        int at = path.lastIndexOf('@');
        if (at >= 0) {
            return at(at == 0 ? "" : path.substring(0, at - 1))
                    .map(e -> e.attributes.get(path.substring(at + 1)))
                    .map(String::strip);
        }
        return at(path).map(e -> e.text.strip());
    }

    /**
     * The text at a path that is required to exist.
     *
     * @throws DuisException PST-1016, naming the path, where it does not exist
     */
    public String value(String path) {
        return find(path)
                .orElseThrow(() -> DuisException.of(
                        DuisFault.ELEMENT_MISSING, name + "/" + path, "the element is required", "missing", "add it"));
    }
}
