package org.postern.duis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Changes documents as another implementation, an attacker or a transmission error might. Some changes preserve the
 * canonical form, some change it, and some make the document another one or malformed. The validator of the JDK decides
 * which.
 */
public final class DocumentMutations {

    private static final Pattern TEXT = Pattern.compile(">([^<>\\s][^<>]*)<");
    private static final Pattern ANY_TAG = Pattern.compile("<[a-zA-Z][^<>]*>");
    private static final Pattern SIGNATURE = Pattern.compile("<ds:Signature[ >].*</ds:Signature>", Pattern.DOTALL);
    private static final Pattern EMPTY = Pattern.compile("<([a-zA-Z:]+)([^<>/]*)></\\1>");
    private static final Pattern EMPTY_TAG = Pattern.compile("<([a-zA-Z:]+)([^<>/]*)/>");
    private static final Pattern ATTRIBUTE = Pattern.compile(" ([a-zA-Z:]+)=\"([^\"]*)\"");
    private static final Pattern TWO_ATTRIBUTES = Pattern.compile("( [a-zA-Z:]+=\"[^\"]*\")( [a-zA-Z:]+=\"[^\"]*\")");
    private static final Pattern ELEMENT = Pattern.compile("<sr:([A-Za-z0-9]+)>([^<>]*)</sr:\\1>");

    private final Random random;
    private final List<UnaryOperator<String>> changes = List.of(
            d -> at(d, TEXT, m -> ">" + m.group(1) + "<!-- c -->" + "<"),
            d -> at(d, TEXT, m -> ">" + half(m.group(1), 0) + "<!---->" + half(m.group(1), 1) + "<"),
            d -> at(d, TEXT, m -> "><![CDATA[" + m.group(1) + "]]><"),
            d -> at(d, TEXT, m -> ">" + half(m.group(1), 0) + "<![CDATA[]]>" + half(m.group(1), 1) + "<"),
            d -> at(
                    d,
                    TEXT,
                    m -> ">&#" + (int) m.group(1).charAt(0) + ";" + m.group(1).substring(1) + "<"),
            d -> at(
                    d,
                    TEXT,
                    m -> ">&#x" + Integer.toHexString(m.group(1).charAt(0)) + ";"
                            + m.group(1).substring(1) + "<"),
            d -> at(d, TEXT, m -> "> " + m.group(1) + "\n<"),
            d -> at(
                    d,
                    TEXT,
                    m -> ">" + m.group(1)
                            + pick(
                                    "&#13;",
                                    "\r\n",
                                    "\r",
                                    "&amp;",
                                    "&lt;",
                                    ">",
                                    "]]>",
                                    "\u00e9",
                                    "\ud83d\ude00",
                                    "&quot;",
                                    "\"",
                                    "'",
                                    "\t",
                                    "\u0001",
                                    "\u007f",
                                    "\u0085",
                                    "\u2028",
                                    "&nope;",
                                    "&#0;")
                            + "<"),
            d -> at(
                    d,
                    ANY_TAG,
                    m -> pick(" ", "\n", "\t", "\r\n", "<!-- <x> -->", "<?pi?>", "x", "<![CDATA[ ]]>", "&#32;")
                            + m.group()),
            d -> at(d, ANY_TAG, m -> m.group().replaceFirst(">$", pick(" >", "\n>", "\t>"))),
            d -> at(
                    d,
                    ANY_TAG,
                    m -> m.group()
                            .replaceFirst(
                                    "/?>$",
                                    pick(
                                            " Id=\"a\"$0",
                                            " Id='a'$0",
                                            " xml:lang=\"en\"$0",
                                            " xml:id=\"a\"$0",
                                            " xml:space=\"preserve\"$0",
                                            " z=\"&#10;\"$0",
                                            " z=\"a  b\"$0",
                                            " z=\"&lt;\"$0",
                                            " z=\">\"$0",
                                            " z=\"'\"$0",
                                            " z=\"1\" z=\"2\"$0",
                                            " z=\"1\" a=\"2\"$0",
                                            " a=\"1\" z=\"2\"$0",
                                            " a=\"\t\"$0",
                                            "a=\"1\"$0"))),
            d -> at(
                    d,
                    ANY_TAG,
                    m -> m.group()
                            .replaceFirst(
                                    "/?>$",
                                    pick(
                                            " xmlns:u=\"urn:u\"$0",
                                            " xmlns:sr=\"" + DuisElement.DUIS + "\"$0",
                                            " xmlns=\"urn:u\"$0",
                                            " xmlns=\"\"$0",
                                            " xmlns=\"" + DuisElement.DUIS + "\"$0",
                                            " xmlns:sr=\"urn:u\"$0",
                                            " xmlns:ds=\"" + DuisElement.SIGNATURE + "\"$0",
                                            " xmlns:ds=\"urn:u\"$0",
                                            " xmlns:a=\"urn:u\" a:b=\"1\" b=\"2\"$0",
                                            " xmlns:a=\"urn:u\" xmlns:b=\"urn:u\" a:c=\"1\" b:c=\"2\"$0",
                                            " xmlns:u=\"\"$0",
                                            " xmlns:xml=\"urn:u\"$0",
                                            " xmlns:xmlns=\"urn:u\"$0",
                                            " xmlns:u=\"http://www.w3.org/XML/1998/namespace\"$0",
                                            " u:a=\"1\"$0"))),
            d -> at(d, EMPTY, m -> "<" + m.group(1) + m.group(2) + "/>"),
            d -> at(d, EMPTY, m -> "<" + m.group(1) + m.group(2) + " />"),
            d -> at(d, EMPTY_TAG, m -> "<" + m.group(1) + m.group(2) + "></" + m.group(1) + ">"),
            d -> at(d, ATTRIBUTE, m -> " " + m.group(1) + "='" + m.group(2) + "'"),
            d -> at(d, ATTRIBUTE, m -> "\n  " + m.group(1) + " = \"" + m.group(2) + "\""),
            d -> at(d, ATTRIBUTE, m -> " " + m.group(1) + "=\"" + m.group(2) + pick(" ", "&#32;", "\n", "x") + "\""),
            d -> at(d, ATTRIBUTE, m -> ""),
            d -> at(d, TWO_ATTRIBUTES, m -> m.group(2) + m.group(1)),
            d -> at(
                    d,
                    ELEMENT,
                    m -> "<q:" + m.group(1) + " xmlns:q=\"" + DuisElement.DUIS + "\">" + m.group(2) + "</q:"
                            + m.group(1) + ">"),
            d -> at(
                    d,
                    ELEMENT,
                    m -> "<" + m.group(1) + " xmlns=\"" + DuisElement.DUIS + "\">" + m.group(2) + "</" + m.group(1)
                            + ">"),
            d -> at(d, ELEMENT, m -> m.group() + m.group()),
            d -> at(d, ELEMENT, m -> ""),
            d -> at(d, ELEMENT, m -> "<sr:" + m.group(1) + "><sr:Inner/></sr:" + m.group(1) + ">"),
            d -> at(d, ELEMENT, m -> "<sr:" + m.group(1) + ">" + m.group(2) + "</sr:" + m.group(1) + "x>"),
            d -> d.replace("sr:", "p.1:").replace("xmlns:sr=", "xmlns:p.1="),
            d -> d.replace("<sr:", "<").replace("</sr:", "</").replace("xmlns:sr=", "xmlns="),
            d -> d.replace("ds:", "g:").replace("xmlns:ds=", "xmlns:g="),
            d -> d.replace("<ds:", "<").replace("</ds:", "</").replace("<Signature xmlns:ds=", "<Signature xmlns="),
            d -> d.replace(" xmlns:ds=\"" + DuisElement.SIGNATURE + "\"", "")
                    .replaceFirst(" schemaVersion", " xmlns:ds=\"" + DuisElement.SIGNATURE + "\" schemaVersion"),
            this::moveSignature,
            d -> pick(
                            "<?xml version=\"1.0\"?>",
                            "<?xml version=\"1.1\"?>",
                            "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>",
                            "<?xml version='1.0' encoding='utf-8' standalone='yes'?>\n",
                            "\ufeff",
                            "\n",
                            "<!-- c -->",
                            "<!DOCTYPE a>",
                            "<?pi x?>",
                            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>",
                            "x",
                            "<a/>")
                    + d.replaceFirst("^<\\?xml[^>]*>", ""),
            d -> d + pick("\n", " ", "<!-- c -->", "<?pi x?>", "x", "<a/>", "\u0000", "&#32;"),
            this::oneCharacter,
            this::oneCharacter,
            this::oneCharacter,
            this::cut,
            this::doubled);

    public DocumentMutations(long seed) {
        this.random = new Random(seed);
    }

    /** The document with at least one and at most this number of changes. */
    public byte[] change(byte[] document, int most) {
        String changed = new String(document, StandardCharsets.UTF_8);
        for (int left = 1 + random.nextInt(most); left > 0; left--) {
            changed = changes.get(random.nextInt(changes.size())).apply(changed);
        }
        return changed.getBytes(StandardCharsets.UTF_8);
    }

    private String at(String document, Pattern pattern, java.util.function.Function<Matcher, String> replacement) {
        Matcher matcher = pattern.matcher(document);
        int found = 0;
        while (matcher.find()) {
            found++;
        }
        if (found == 0) {
            return document;
        }
        int wanted = random.nextInt(found);
        matcher.reset();
        for (int i = 0; i <= wanted; i++) {
            matcher.find();
        }
        return document.substring(0, matcher.start()) + replacement.apply(matcher) + document.substring(matcher.end());
    }

    /** Signature wrapping in its usual forms: before, inside, twice, in a second root, around another body. */
    private String moveSignature(String document) {
        Matcher matcher = SIGNATURE.matcher(document);
        if (!matcher.find()) {
            return document;
        }
        String signature = matcher.group();
        String bare = document.replace(signature, "");
        String other = bare.replaceFirst(":1000<", ":1001<");
        return switch (random.nextInt(8)) {
            case 0 -> bare.replaceFirst("<sr:Header>", Matcher.quoteReplacement(signature) + "<sr:Header>");
            case 1 -> bare.replaceFirst("<sr:Body>", "<sr:Body>" + Matcher.quoteReplacement(signature));
            case 2 -> document.replace(signature, signature + signature);
            case 3 -> document.replace(signature, "<sr:Extra>" + signature + "</sr:Extra>");
            case 4 ->
                "<sr:Request xmlns:sr=\"" + DuisElement.DUIS + "\" schemaVersion=\"5.4\">"
                        + document.replaceFirst("^<\\?xml[^>]*>", "") + signature + "</sr:Request>";
            case 5 ->
                other.replaceFirst(
                        "</sr:(Request|Response)>\\s*$",
                        Matcher.quoteReplacement(signature.replace(
                                        "</ds:Signature>",
                                        "<ds:Object>" + bare.replaceFirst("^<\\?xml[^>]*>", "")
                                                + "</ds:Object></ds:Signature>"))
                                + "</sr:$1>");
            case 6 -> document.replace("URI=\"\"", "URI=\"#a\"").replaceFirst("<sr:Body>", "<sr:Body Id=\"a\">");
            default -> document.replace(signature, signature + "<sr:Extra></sr:Extra>");
        };
    }

    private String oneCharacter(String document) {
        int place = random.nextInt(document.length());
        char other = (char) (document.charAt(place) ^ 1 << random.nextInt(7));
        return document.substring(0, place) + (random.nextInt(4) == 0 ? "" : other) + document.substring(place + 1);
    }

    private String cut(String document) {
        int from = random.nextInt(document.length());
        int to = Math.min(document.length(), from + 1 + random.nextInt(30));
        return document.substring(0, from) + document.substring(to);
    }

    private String doubled(String document) {
        int from = random.nextInt(document.length());
        int to = Math.min(document.length(), from + 1 + random.nextInt(60));
        return document.substring(0, to) + document.substring(from);
    }

    private static String half(String text, int which) {
        int middle = text.length() / 2;
        return which == 0 ? text.substring(0, middle) : text.substring(middle);
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
