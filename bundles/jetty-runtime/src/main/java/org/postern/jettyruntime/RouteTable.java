package org.postern.jettyruntime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All operations of one HTTP interface; any other request is refused. Paths are compared as they were sent: nothing is
 * decoded and no segment is normalised, so that each operation has exactly one spelling of its path.
 */
public final class RouteTable<H> {

    /** The result of looking up the operation of a request. */
    public sealed interface Lookup<H> {}

    /** The operation, with the values of the parameters in its path. */
    public record Found<H>(Route<H> route, Map<String, String> parameters) implements Lookup<H> {}

    /**
     * The path exists, but not with this method.
     *
     * @param routes all operations of the path
     */
    public record OtherMethod<H>(List<Route<H>> routes) implements Lookup<H> {

        /** The methods that the path has, for the header {@code Allow}. */
        public String allowed() {
            return routes.stream().map(Route::method).sorted().collect(Collectors.joining(", "));
        }
    }

    /** There is no such path. */
    public record NoPath<H>() implements Lookup<H> {}

    private static final int MAX_PARAMETER_LENGTH = 64;

    private final List<Route<H>> routes;

    /** @throws IllegalArgumentException where two routes have the same method and path */
    public RouteTable(List<Route<H>> routes) {
        this.routes = List.copyOf(routes);
        Set<String> operations = new TreeSet<>();
        for (Route<H> route : routes) {
            if (!operations.add(route.method() + " " + route.path())) {
                throw new IllegalArgumentException(
                        "two routes with the same method and path: " + route.method() + " " + route.path());
            }
        }
    }

    /** All operations, in the order in which they were given. */
    public List<Route<H>> routes() {
        return routes;
    }

    /**
     * Looks up the operation of a request.
     *
     * @param method as it was sent
     * @param path as it was sent, without the query
     */
    public Lookup<H> find(String method, String path) {
        List<Route<H>> atPath = new ArrayList<>();
        for (Route<H> route : routes) {
            Map<String, String> parameters = parameters(route.path(), path);
            if (parameters != null) {
                if (route.method().equals(method)) {
                    return new Found<>(route, parameters);
                }
                atPath.add(route);
            }
        }
        return atPath.isEmpty() ? new NoPath<>() : new OtherMethod<>(atPath);
    }

    /** The parameters of a path that fits the template, null where it does not fit. */
    private static @Nullable Map<String, String> parameters(String template, String path) {
        List<String> expected = segments(template);
        List<String> given = segments(path);
        if (expected.size() != given.size()) {
            return null;
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < expected.size(); i++) {
            String segment = expected.get(i);
            if (segment.startsWith("{") && segment.endsWith("}")) {
                if (!isParameter(given.get(i))) {
                    return null;
                }
                parameters.put(segment.substring(1, segment.length() - 1), given.get(i));
            } else if (!segment.equals(given.get(i))) {
                return null;
            }
        }
        return parameters;
    }

    /** 1 to 64 letters, digits and hyphens of ASCII. */
    private static boolean isParameter(String value) {
        return !value.isEmpty()
                && value.length() <= MAX_PARAMETER_LENGTH
                && value.chars()
                        .allMatch(
                                c -> c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-');
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        int from = 0;
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', from)) {
            segments.add(path.substring(from, slash));
            from = slash + 1;
        }
        segments.add(path.substring(from));
        return segments;
    }
}
