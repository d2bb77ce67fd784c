package org.postern.jettyruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouteTableTest {

    private static Route<String> route(String method, String path, String... consumes) {
        return new Route<>(method, path, List.of(consumes), Route.Match.EXACT, Map.of(), method + path);
    }

    private final RouteTable<String> table = new RouteTable<>(List.of(
            route("POST", "/things", "application/json"),
            route("GET", "/things"),
            route("GET", "/things/{id}"),
            route("GET", "/things/{id}/part"),
            route("GET", "/health")));

    private String handler(String method, String path) {
        return table.find(method, path) instanceof RouteTable.Found<String> found
                ? found.route().handler()
                : "none";
    }

    @Test
    void findsByMethodAndPath() {
        assertThat(handler("POST", "/things")).isEqualTo("POST/things");
        assertThat(handler("GET", "/things")).isEqualTo("GET/things");
        assertThat(handler("GET", "/things/a-1")).isEqualTo("GET/things/{id}");
        assertThat(handler("GET", "/things/a-1/part")).isEqualTo("GET/things/{id}/part");
        assertThat(
                        table.find("GET", "/things/a-1/part") instanceof RouteTable.Found<String> found
                                ? found.parameters()
                                : Map.of())
                .isEqualTo(Map.of("id", "a-1"));
    }

    @Test
    void anotherMethodOfAKnownPathNamesThoseThatItHas() {
        assertThat(table.find("PUT", "/things") instanceof RouteTable.OtherMethod<String> other ? other.allowed() : "")
                .isEqualTo("GET, POST");
        assertThat(table.find("get", "/health")).isInstanceOf(RouteTable.OtherMethod.class);
    }

    @Test
    void aPathHasOneSpelling() {
        for (String path : List.of(
                "",
                "/",
                "*",
                "things",
                "//things",
                "/things/",
                "/Things",
                "/things;x",
                "/%74hings",
                "/x/../things",
                "/things//part",
                "/things/a_1",
                "/things/a%201",
                "/things/\u00e9",
                "/things/\u0661",
                "/things/a/part/",
                "/things/" + "x".repeat(65))) {
            assertThat(table.find("GET", path)).as(path).isInstanceOf(RouteTable.NoPath.class);
        }
        assertThat(handler("GET", "/things/" + "x".repeat(64))).isEqualTo("GET/things/{id}");
    }

    @Test
    void twoRoutesOfTheSameMethodAndPathAreRefused() {
        List<Route<String>> twice = List.of(route("GET", "/a"), route("GET", "/a"));
        assertThatThrownBy(() -> new RouteTable<>(twice)).hasMessageContaining("GET /a");
    }

    @Test
    void contentTypesAreComparedExactlyOrBySubtype() {
        Route<String> exact = route("POST", "/a", "application/xml", "text/xml");
        assertThat(exact.takes("application/xml")).isTrue();
        assertThat(exact.takes("Text/XML ; charset=utf-8")).isTrue();
        assertThat(exact.takes("application/xml2")).isFalse();
        assertThat(exact.takes("")).isFalse();
        Route<String> lenient =
                new Route<>("POST", "/a", List.of("application/json"), Route.Match.BY_SUBTYPE, Map.of(), "");
        assertThat(lenient.takes("text/JSON")).isTrue();
        assertThat(lenient.takes("application/xml")).isFalse();
        assertThat(route("GET", "/a").takes("anything")).isTrue();
    }
}
