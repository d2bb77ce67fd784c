package org.postern.parsecorrelate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.postern.duis.DuisElement;
import org.postern.testkit.Rtds;

/** Gives the tests of other packages access to the official schema. */
public final class SchemaTables {

    private final SchemaPlaces places;
    private final SchemaRequests requests;

    /** Reads the schema. */
    public SchemaTables() throws Exception {
        this.places = SchemaPlaces.read(Rtds.required().duisSchema());
        this.requests = new SchemaRequests(Rtds.required().duisSchema());
    }

    /** Elements that repeat or have attributes, by path, each with its attributes and their ranges. */
    public Map<String, Map<String, String>> places(String bodyElement) {
        Map<String, Map<String, String>> found = new LinkedHashMap<>();
        places.places(bodyElement).forEach((path, place) -> found.put(path, place.attributes()));
        return found;
    }

    /**
     * The elements below a body's element according to the schema, by path.
     *
     * @param numbered elements with attributes, each with the ranges of their numbers
     * @param repeated elements that repeat
     * @param containers elements that have elements below them
     */
    public record Shape(Map<String, Map<String, String>> numbered, Set<String> repeated, Set<String> containers) {}

    /** The shape of a body. */
    public Shape shape(String bodyElement) {
        Map<String, Map<String, String>> numbered = places(bodyElement);
        numbered.values().removeIf(Map::isEmpty);
        Set<String> repeated = places.places(bodyElement).entrySet().stream()
                .filter(entry -> entry.getValue().repeated())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        Set<String> containers = places.paths(bodyElement).stream()
                .filter(path -> path.contains("/"))
                .map(path -> path.substring(0, path.lastIndexOf('/')))
                .collect(Collectors.toSet());
        return new Shape(numbered, repeated, containers);
    }

    /** A body of random form with distinct values; {@code typed} receives the type of every leaf, by identity. */
    public DuisElement distinct(String bodyElement, long seed, Map<DuisElement, String> typed) {
        return requests.distinct(bodyElement, seed, typed);
    }
}
