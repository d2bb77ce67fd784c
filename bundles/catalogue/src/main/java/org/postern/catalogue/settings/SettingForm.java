package org.postern.catalogue.settings;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.UserRole;

/**
 * The required form of the text of a setting. It is checked before a part receives the setting, and the part parses the
 * text with the same functions.
 */
@SuppressWarnings("ReturnValueIgnored") // a text is valid where parsing it does not throw; the result is not needed
public enum SettingForm {

    /** Any text without control characters. */
    TEXT("a text", text -> require(text.chars().noneMatch(Character::isISOControl))),

    /** One EUI-64. */
    EUI64("an EUI-64: sixteen hex digits or eight dashed pairs", Eui64::parse),
    /** Several, separated by commas. */
    EUI64_LIST("EUI-64s with commas between, each sixteen hex digits or eight dashed pairs", SettingForm::parties),
    /** Scheme, host and optionally a port. */
    HTTPS_ADDRESS("an https address: https://host:port", text -> httpsAddress(text, "")),
    /** Path of such an address; the leading slash may be omitted. */
    URL_PATH("the path of an address, as in /api/v1/serviceT", text -> httpsAddress("https://host", text)),
    /** Path under which a service is offered. */
    SERVER_PATH("a path that begins with a slash", text -> {
        require(text.startsWith("/"));
        httpsAddress("https://host", text);
    }),
    /** Versions of TLS. */
    TLS_VERSIONS("TLSv1.3, TLSv1.2 or both, with a comma between", text -> {
        List<String> versions = list(text);
        require(!versions.isEmpty() && Set.of("TLSv1.3", "TLSv1.2").containsAll(versions));
    }),
    /** Cipher suites by their names in Java. */
    CIPHER_SUITES(
            "names of cipher suites that this Java has, with commas between",
            text -> require(Suites.KNOWN.containsAll(list(text)))),
    /** An address of this machine. */
    LISTEN_ADDRESS(
            "a host name or IP address of this machine",
            text -> require(Pattern.matches("[A-Za-z0-9._:\\[\\]%-]{1,255}", text))),
    /** A TCP port of this machine. */
    LISTEN_PORT("a TCP port that no other process has", text -> require(Integer.parseInt(text) <= 0xFFFF)),
    /** Address of the database of the ledger. */
    JDBC_URL(
            "jdbc:sqlite:FILE or jdbc:postgresql://HOST:PORT/DATABASE",
            text -> require(
                    Pattern.matches("jdbc:sqlite:(?!//)[^?]+(\\?.*)?|jdbc:postgresql://[^/?]+/[^/?]+(\\?.*)?", text))),
    /** Address of an external Artemis broker. */
    BROKER_URL(
            "tcp://HOST:PORT, or several as in (tcp://a:61616,tcp://b:61616)?ha=true",
            text -> require(
                    Pattern.matches("tcp://[^\\s,()]+|\\(tcp://[^\\s,()]+(,tcp://[^\\s,()]+)*\\)(\\?\\S*)?", text))),
    /** User Roles of DUIS. */
    USER_ROLES(
            "User Roles with commas between: "
                    + Arrays.stream(UserRole.values()).map(Enum::name).collect(Collectors.joining(", ")),
            text -> list(text).forEach(UserRole::valueOf)),
    /** One queue of the broker. */
    QUEUE(
            "the name of one queue: letters, digits, dots, dashes and underscores",
            text -> require(Pattern.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*", text))),
    /** A file or folder, which need not exist. */
    PATH("the name of a file or folder", Path::of),
    /** Several, separated by commas. */
    PATHS("names of folders with commas between", text -> list(text).forEach(Path::of)),
    /** A file or folder that has to exist. */
    EXISTING("a file or folder that is there and can be read", Path::of),
    /** Keys of a vault. */
    KEYS(
            "alias=PURPOSE:entry name:EUI-64 with commas between, where PURPOSE is XML_SIGNING, GBCS_SIGNING, KEY_AGREEMENT or"
                    + " PREPAYMENT_KEY_AGREEMENT",
            text -> list(text).forEach(one -> {
                require(Pattern.matches(
                        "(?i)[a-z0-9._-]{1,64}\\s*=\\s*((xml|gbcs)_signing|(prepayment_)?key_agreement)\\s*:"
                                + "[^:=,]{1,128}:\\s*[0-9a-f-]+",
                        one));
                Eui64.parse(one.substring(one.lastIndexOf(':') + 1).strip());
            })),
    /** Digests of the names of several certificates. */
    SHA256_LIST(
            "SHA-256 values with commas between, each 64 hex digits",
            text -> list(text).forEach(one -> require(Pattern.matches("[0-9A-Fa-f]{64}", one))));

    private final String rule;
    private final Consumer<String> reader;

    SettingForm(String rule, Consumer<String> reader) {
        this.rule = rule;
        this.reader = reader;
    }

    /** The rule as text. */
    public String rule() {
        return rule;
    }

    /** True for a text of this form. Does not check files, ports and addresses. */
    public boolean fits(String text) {
        try {
            reader.accept(text);
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    /**
     * True where the value can be used now: the file is readable, the port is free, the address belongs to this
     * machine.
     *
     * @param host for a port: its address; empty for all addresses
     */
    public boolean usable(String text, String host) {
        return switch (this) {
            case EXISTING -> Files.isReadable(Path.of(text));
            case LISTEN_ADDRESS -> free(text, 0);
            case LISTEN_PORT -> free(host, Integer.parseInt(text));
            default -> true;
        };
    }

    private static boolean free(String host, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(
                    host.isBlank()
                            ? new InetSocketAddress(port)
                            : new InetSocketAddress(InetAddress.getByName(host), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** True for an address that other machines cannot reach. */
    public static boolean loopback(String host) {
        try {
            return !host.isBlank() && InetAddress.getByName(host).isLoopbackAddress();
        } catch (IOException e) {
            return false;
        }
    }

    /** The texts between the commas, without white space and empty items. */
    public static List<String> list(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(one -> !one.isEmpty())
                .toList();
    }

    /**
     * EUI-64s separated by commas.
     *
     * @throws org.postern.catalogue.PosternException PST-1001 where an item is not an EUI-64
     */
    public static Set<Eui64> parties(String text) {
        return list(text).stream().map(Eui64::parse).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * An https address and a path, combined with one slash.
     *
     * @throws IllegalArgumentException where the result is not an https address with a host and without user and query
     */
    public static URI httpsAddress(String base, String path) {
        String from = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        URI uri = URI.create(from + (path.isEmpty() || path.startsWith("/") ? path : "/" + path));
        require("https".equals(uri.getScheme())
                && uri.getHost() != null
                && uri.getUserInfo() == null
                && uri.getQuery() == null
                && uri.toASCIIString().equals(uri.toString())
                && uri.getPort() <= 0xFFFF
                && uri.getPort() != 0);
        return uri;
    }

    private static void require(boolean fits) {
        if (!fits) {
            throw new IllegalArgumentException("the text does not have this form");
        }
    }

    /** Determined once, and only if cipher suites are configured. */
    private static final class Suites {

        static final Set<String> KNOWN = known();

        private static Set<String> known() {
            try {
                return Set.of(
                        SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this Java does not support TLS", e);
            }
        }
    }
}
