package org.postern.gbcs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Table;
import org.postern.ecprovider.EcProvider;

/** The project's own test vectors (src/test/vectors/make_vectors.py) and their keys. */
record TestVectors(EcProvider ec, GbcsCrypto crypto, KeyFolder keys) {

    static final Eui64 SUPPLIER = Eui64.parse("0A11000000000001");
    static final Eui64 ACB = Eui64.parse("0A11000000000002");
    static final Eui64 OTHER = Eui64.parse("0A11000000000009");
    static final Eui64 ESME = Eui64.parse("0A22000000000001");
    static final Eui64 GPF = Eui64.parse("0A22000000000003");

    /** One row of the index. */
    record Vector(
            String name,
            MessageKind kind,
            int code,
            Eui64 originator,
            Eui64 target,
            long counter,
            String protection,
            int encrypted) {

        byte[] bytes() {
            return TestVectors.bytes(name);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static TestVectors open() {
        EcProvider ec = EcProvider.fastest();
        GbcsCrypto crypto = new GbcsCrypto(ec);
        return new TestVectors(ec, crypto, new KeyFolder(folder().resolve("keys"), ec, crypto));
    }

    Authenticator authenticator(SharedSecretCache cache) {
        return new Authenticator(crypto, keys, cache, UseCaseTable.load(), ACB);
    }

    static List<Vector> all() {
        return Table.resource(
                        TestVectors.class,
                        "vectors/index.tsv",
                        "name",
                        "kind",
                        "code",
                        "originator",
                        "target",
                        "counter",
                        "protection",
                        "encrypted")
                .rows()
                .stream()
                .map(row -> new Vector(
                        row.text("name"),
                        row.constant("kind", MessageKind.class),
                        row.hex("code", 4),
                        row.parsed("originator", "an EUI-64", Eui64::parse),
                        row.parsed("target", "an EUI-64", Eui64::parse),
                        row.parsed("counter", "a number", Long::parseLong),
                        row.text("protection"),
                        row.number("encrypted", 0, 99)))
                .toList();
    }

    static byte[] bytes(String name) {
        StringBuilder hex = new StringBuilder();
        lines(name + ".txt").forEach(line -> hex.append(line, 0, line.indexOf('#')));
        return HexFormat.of().parseHex(hex.toString().replaceAll("\\s", ""));
    }

    static GbcsMessage message(String name) {
        return new GbcsCodec().decode(bytes(name));
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(folder().resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder() {
        try {
            return Path.of(TestVectors.class.getResource("vectors/index.tsv").toURI())
                    .getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
