package org.postern.parsecorrelate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * The elements below a body's element according to the official schema: all paths, and which elements repeat or have
 * attributes.
 */
final class SchemaPlaces {

    private static final String XS = "http://www.w3.org/2001/XMLSchema";

    private final Map<String, Element> types = new HashMap<>();
    private final Map<String, Element> groups = new HashMap<>();
    private final Map<String, Element> elements = new HashMap<>();

    /**
     * An element that repeats or has an attribute.
     *
     * @param attributes each with the range of its numbers, as in 1..5
     */
    record Place(boolean repeated, Map<String, String> attributes) {}

    private SchemaPlaces(Element root) {
        for (Element child : children(root)) {
            switch (child.getLocalName()) {
                case "complexType", "simpleType" -> types.put(child.getAttribute("name"), child);
                case "group" -> groups.put(child.getAttribute("name"), child);
                default -> {}
            }
        }
        NodeList all = root.getElementsByTagNameNS(XS, "element");
        for (int i = 0; i < all.getLength(); i++) {
            elements.putIfAbsent(((Element) all.item(i)).getAttribute("name"), (Element) all.item(i));
        }
    }

    static SchemaPlaces read(Path xsd) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        return new SchemaPlaces(factory.newDocumentBuilder().parse(xsd.toFile()).getDocumentElement());
    }

    /** Every path below that element, including its own. */
    Set<String> paths(String name) {
        Set<String> found = new LinkedHashSet<>(List.of(name));
        element(elements.get(name), name, new LinkedHashMap<>(), found);
        return found;
    }

    /** The element and those below it that repeat or have attributes, by path. */
    Map<String, Place> places(String name) {
        Map<String, Place> found = new LinkedHashMap<>();
        element(elements.get(name), name, found, new LinkedHashSet<>());
        found.values().removeIf(place -> !place.repeated() && place.attributes().isEmpty());
        return found;
    }

    private void element(Element declared, String path, Map<String, Place> found, Set<String> paths) {
        paths.add(path);
        found.putIfAbsent(path, new Place(false, new LinkedHashMap<>()));
        Element named = types.get(local(declared.getAttribute("type")));
        if (named != null) {
            walk(named, path, false, found, paths);
        } else {
            children(declared).forEach(type -> walk(type, path, false, found, paths));
        }
    }

    private void walk(Element type, String path, boolean repeats, Map<String, Place> found, Set<String> paths) {
        for (Element part : children(type)) {
            switch (part.getLocalName()) {
                case "sequence", "choice", "all" -> walk(part, path, repeats || many(part), found, paths);
                case "group" -> walk(groups.get(local(part.getAttribute("ref"))), path, repeats, found, paths);
                case "complexContent", "simpleContent" -> walk(part, path, repeats, found, paths);
                case "extension", "restriction" -> {
                    Element base = types.get(local(part.getAttribute("base")));
                    if (base != null) {
                        walk(base, path, repeats, found, paths);
                    }
                    walk(part, path, repeats, found, paths);
                }
                case "attribute" -> found.get(path).attributes().put(part.getAttribute("name"), range(part));
                case "element" -> {
                    String own = path + "/" + part.getAttribute("name");
                    if (repeats || many(part)) {
                        found.put(own, new Place(true, new LinkedHashMap<>()));
                    }
                    element(part, own, found, paths);
                }
                default -> {}
            }
        }
    }

    private String range(Element attribute) {
        Element type = types.get(local(attribute.getAttribute("type")));
        NodeList facets = (type == null ? attribute : type).getElementsByTagNameNS(XS, "*");
        Map<String, String> limits = new HashMap<>();
        for (int i = 0; i < facets.getLength(); i++) {
            limits.put(facets.item(i).getLocalName(), ((Element) facets.item(i)).getAttribute("value"));
        }
        return limits.get("minInclusive") + ".." + limits.get("maxInclusive");
    }

    private static boolean many(Element particle) {
        String most = particle.getAttribute("maxOccurs");
        return !most.isEmpty() && !most.equals("1");
    }

    private static String local(String qualified) {
        return qualified.substring(qualified.indexOf(':') + 1);
    }

    private static List<Element> children(Element parent) {
        List<Element> found = new ArrayList<>();
        for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element
                    && XS.equals(element.getNamespaceURI())
                    && !element.getLocalName().equals("annotation")) {
                found.add(element);
            }
        }
        return found;
    }
}
