package org.postern.benchmarks.appliance;

import java.util.List;
import java.util.Locale;

/**
 * An operation that no appliance of this kind gets by without. Each is measured by itself, in processes of their own.
 */
enum Operation {

    /** One ECDSA signature by the provider that the product takes. */
    SIGN("one ECDSA P-256 signature"),
    /** One ECDSA verification by the same. */
    VERIFY("one ECDSA P-256 verification"),
    /** One MAC of a GBCS message: key derivation and GMAC, the agreed value Z at hand. */
    MAC("one MAC of a GBCS message, Z at hand"),
    /** The client's part of one HTTPS exchange on an open connection, both sides with certificates. */
    TLS_CLIENT("one HTTPS exchange, client side", ExchangeFloor.Client.KEPT, ExchangeFloor.Client.JDK),
    /** The server's part of one. */
    TLS_SERVER("one HTTPS exchange, server side"),
    /** The bytes that are stored of one request, written to disk by SQLite together with those of others. */
    COMMIT("the bytes of one request in a group commit"),
    /** One message by a persistent queue of an embedded broker to a client in another process. */
    JMS("one JMS send and receive, persistent"),
    /** The server's part of one HTTP exchange without TLS, as a request is handed in. */
    HTTP_SERVER("one HTTP exchange, server side");

    private final String title;
    private final List<String> ways;

    Operation(String title, String... ways) {
        this.title = title;
        this.ways = ways.length == 0 ? List.of("") : List.of(ways);
    }

    /** In which ways it is done; the cheapest is the floor. */
    List<String> ways() {
        return ways;
    }

    /** For people. */
    String title() {
        return title;
    }

    /** As the table of services and the command line spell it. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Operation of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
