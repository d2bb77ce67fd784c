package org.postern.duis.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Sha256;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisLimits;

/**
 * A fast path for documents that are already canonical XML, or nearly so. It reads them directly from their octets: one
 * pass creates the tree and adds the same octets to the digest, so everything in the tree is covered by the digest.
 *
 * <p>It accepts only a small subset of XML: printable ASCII, elements with one prefix, attributes in canonical order,
 * namespace declarations only on the root, empty-element tags, and a signature that is octet for octet the template of
 * {@link SignatureProfile}. All other documents, unusual or wrong, are left to {@link DocumentParser}, which implements
 * all rules and refusals; this class refuses nothing. For every document that it accepts, that parser returns the same
 * tree and the same digest; tests compare both with each other and with the validator of the JDK.
 */
final class PlainReader {

    /** Maximum depth; deeper documents are left to the parser. */
    private static final int MAX_DEPTH = 64;

    private static final int MAX_ATTRIBUTES = 16;
    /** Well below the length that is refused. */
    private static final int MAX_TAG_BYTES = TagScan.MAX_TAG_BYTES / 2;

    private static final byte[] DECLARATION = ascii("<?xml version=\"1.0\" encoding=\"UTF-8\"");
    private static final byte[] STANDALONE = ascii(" standalone=\"no\"");
    private static final byte[] DECLARATION_END = ascii("?>");
    private static final byte[] XMLNS = ascii("xmlns");
    private static final byte[] SIGNATURE = ascii("<ds:Signature");
    private static final String SIGNATURE_PREFIX = "ds";
    private static final byte[] NONE = {};

    private final DuisLimits limits;
    private final NameCache names = new NameCache();
    private final PlainSignature signatures = new PlainSignature();

    PlainReader(DuisLimits limits) {
        this.limits = limits;
    }

    /** The root without its signature; null where the document is left to the parser. */
    @Nullable
    DuisElement root(byte[] document) {
        return read(document, null, Pass::tree);
    }

    /** A signed document; null where it is left to the parser, which includes unsigned documents and wrong digests. */
    @Nullable
    SignedDocument signed(byte[] document) {
        MessageDigest digest = Sha256.start();
        return read(document, digest, pass -> {
            DuisElement root = pass.tree();
            byte[] made = digest.digest();
            byte[] text = Base64.getEncoder().encode(made);
            if (pass.signature == null || !pass.signature.states(text)) {
                return null;
            }
            return new SignedDocument(root, made, pass.signature.read(made), SignatureProfile.signedInfo(text));
        });
    }

    private interface Step<T> {
        @Nullable
        T apply(Pass pass);
    }

    private <T> @Nullable T read(byte[] document, @Nullable MessageDigest digest, Step<T> step) {
        try {
            return step.apply(new Pass(document, digest));
        } catch (NotPlain leftToTheParser) {
            return null;
        }
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private final class Pass {

        private final PlainText in;
        private final byte[] xml;
        /** The octets {@code <prefix:} with which every element begins. */
        private byte[] opening = NONE;

        private boolean signaturePrefixDeclared;
        private PlainSignature.@Nullable Found signature;
        private int elements;
        private int attributes;

        private Pass(byte[] document, @Nullable MessageDigest digest) {
            this.xml = document;
            this.in = new PlainText(document, digest);
        }

        private DuisElement tree() {
            if (in.skips(DECLARATION)) {
                in.skips(STANDALONE);
                in.expect(DECLARATION_END);
            }
            in.skipBlanks();
            DuisElement root = root();
            in.digestUpTo(in.at());
            in.skipBlanks();
            int signed = signature == null ? 0 : PlainSignature.ELEMENTS;
            if (!in.ended()
                    || elements + signed > limits.maxElements()
                    || signature != null && limits.maxDepth() < PlainSignature.DEPTH
                    || tooManyNames(root)) {
                throw NotPlain.INSTANCE;
            }
            return root;
        }

        private boolean tooManyNames(DuisElement root) {
            int max = DocumentParser.MAX_NAMES - PlainSignature.NAMES - MAX_ATTRIBUTES;
            if (elements + attributes <= max) {
                return false;
            }
            Set<String> elementNames = new HashSet<>();
            Set<String> attributeNames = new HashSet<>();
            collect(root, elementNames, attributeNames);
            return elementNames.size() + attributeNames.size() > max;
        }

        private static void collect(DuisElement element, Set<String> elementNames, Set<String> attributeNames) {
            elementNames.add(element.name());
            attributeNames.addAll(element.attributes().keySet());
            element.children().forEach(child -> collect(child, elementNames, attributeNames));
        }

        private DuisElement root() {
            int start = in.at();
            in.expect('<');
            in.skipName();
            int colon = in.at();
            in.expect(':');
            opening = Arrays.copyOfRange(xml, start, colon + 1);
            int nameAt = in.at();
            in.skipName();
            int nameEnd = in.at();
            String name = names.name(xml, nameAt, nameEnd, in.hash());
            RootTag tag = new RootTag();
            while (in.peek() != '>') {
                tag.attribute();
            }
            in.expect('>');
            if (in.at() - start > MAX_TAG_BYTES) {
                throw NotPlain.INSTANCE;
            }
            String prefix = new String(xml, start + 1, colon - start - 1, StandardCharsets.US_ASCII);
            if (prefix.equals(SIGNATURE_PREFIX) || !DuisElement.DUIS.equals(tag.namespaces.uri(prefix))) {
                throw NotPlain.INSTANCE;
            }
            signaturePrefixDeclared = DuisElement.SIGNATURE.equals(tag.namespaces.uri(SIGNATURE_PREFIX));
            elements++;
            byte[] canonical = tag.canonical(prefix + ':' + name);
            in.digestInstead(canonical, 0, canonical.length);
            in.leaveOut();
            return content(name, start + 1, nameEnd, tag.attributes.map(), 1);
        }

        /** Reads the element whose opening bracket is at the current position. */
        private DuisElement element(int depth) {
            int start = in.at();
            if (depth > MAX_DEPTH || depth > limits.maxDepth() || !in.skips(opening)) {
                throw NotPlain.INSTANCE;
            }
            int nameAt = in.at();
            in.skipName();
            int nameEnd = in.at();
            if (nameEnd - start > MAX_TAG_BYTES) {
                throw NotPlain.INSTANCE;
            }
            String name = names.name(xml, nameAt, nameEnd, in.hash());
            elements++;
            Map<String, String> given = in.peek() == ' ' ? attributes(start) : Map.of();
            if (in.peek() == '/') {
                in.digestUpTo(in.at());
                in.expect('/');
                in.leaveOut();
                in.expect('>');
                in.digestUpTo(in.at());
                in.digestInstead(END_OPENING, 0, END_OPENING.length);
                in.digestInstead(xml, start + 1, nameEnd - start - 1);
                in.digestInstead(TAG_END, 0, 1);
                return new DuisElement(DuisElement.DUIS, name, given, List.of(), "");
            }
            in.expect('>');
            return content(name, start + 1, nameEnd, given, depth);
        }

        /**
         * Reads attributes in canonical form: one space before each, in the order of their names, without duplicates.
         */
        private Map<String, String> attributes(int start) {
            Map<String, String> given = new LinkedHashMap<>();
            String before = "";
            while (in.peek() == ' ') {
                in.skip(1);
                int nameAt = in.at();
                in.skipName();
                String name = names.name(xml, nameAt, in.at(), in.hash());
                int valueAt = in.skipValue();
                if (name.compareTo(before) <= 0
                        || name.startsWith("xmlns")
                        || given.size() >= limits.maxAttributes()
                        || in.at() - start > MAX_TAG_BYTES) {
                    throw NotPlain.INSTANCE;
                }
                given.put(name, new String(xml, valueAt, in.at() - 1 - valueAt, StandardCharsets.US_ASCII));
                before = name;
            }
            attributes += given.size();
            return given;
        }

        /**
         * Reads what follows a start tag, up to and including the end tag. The name with its prefix is between the two
         * positions.
         */
        private DuisElement content(String name, int nameFrom, int nameTo, Map<String, String> given, int depth) {
            List<DuisElement> children = null;
            while (true) {
                int textAt = in.at();
                boolean blank = in.skipText();
                int textEnd = in.at();
                in.peek();
                if (in.peekSecond() == '/') {
                    in.expect('<');
                    in.expect('/');
                    if (!in.skips(xml, nameFrom, nameTo)) {
                        throw NotPlain.INSTANCE;
                    }
                    in.expect('>');
                    if (children == null) {
                        return new DuisElement(
                                DuisElement.DUIS,
                                name,
                                given,
                                List.of(),
                                textEnd == textAt
                                        ? ""
                                        : new String(xml, textAt, textEnd - textAt, StandardCharsets.US_ASCII));
                    }
                    if (!blank) {
                        throw NotPlain.INSTANCE;
                    }
                    return new DuisElement(DuisElement.DUIS, name, given, children, "");
                }
                if (!blank) {
                    throw NotPlain.INSTANCE;
                }
                if (children == null) {
                    children = new ArrayList<>();
                }
                if (depth == 1 && in.skips(SIGNATURE)) {
                    signature(textEnd, children);
                } else if (signature == null || depth > 1) {
                    children.add(element(depth + 1));
                } else {
                    throw NotPlain.INSTANCE;
                }
            }
        }

        /** Reads the only signature, which follows all other elements; its octets are excluded from the digest. */
        private void signature(int start, List<DuisElement> before) {
            if (signature != null || before.isEmpty()) {
                throw NotPlain.INSTANCE;
            }
            in.digestUpTo(start);
            signature = signatures.read(in, signaturePrefixDeclared);
            in.leaveOut();
        }

        /** The attributes and declarations of the root, in any order and with any white space between them. */
        private final class RootTag {

            private final Values namespaces = new Values();
            private final Values attributes = new Values();

            private void attribute() {
                int blanks = in.at();
                in.skipBlanks();
                if (in.at() == blanks) {
                    throw NotPlain.INSTANCE;
                }
                int nameAt = in.at();
                in.skipName();
                boolean declaration = in.peek() == ':' && Arrays.equals(XMLNS, 0, XMLNS.length, xml, nameAt, in.at());
                if (declaration) {
                    in.expect(':');
                    nameAt = in.at();
                    in.skipName();
                }
                String name = names.name(xml, nameAt, in.at(), in.hash());
                int valueAt = in.skipValue();
                String value = new String(xml, valueAt, in.at() - 1 - valueAt, StandardCharsets.US_ASCII);
                boolean reserved = name.startsWith("xml") || declaration && !absolute(value);
                if (reserved || namespaces.size + attributes.size >= Math.min(MAX_ATTRIBUTES, limits.maxAttributes())) {
                    throw NotPlain.INSTANCE;
                }
                (declaration ? namespaces : attributes).add(name, value);
            }

            /** Whether the URI is absolute and not one of those that XML reserves. */
            private boolean absolute(String uri) {
                return (uri.startsWith("http://") || uri.startsWith("urn:"))
                        && !uri.startsWith("http://www.w3.org/XML/")
                        && !uri.startsWith("http://www.w3.org/2000/xmlns");
            }

            private byte[] canonical(String name) {
                Pass.this.attributes += attributes.size;
                StringBuilder tag = new StringBuilder().append('<').append(name);
                namespaces.write(tag, " xmlns:");
                attributes.write(tag, " ");
                return ascii(tag.append('>').toString());
            }
        }
    }

    private static final byte[] END_OPENING = ascii("</");
    private static final byte[] TAG_END = ascii(">");

    /** Names with values, sorted by name; a duplicate name is not plain. */
    private static final class Values {

        private final String[] names = new String[MAX_ATTRIBUTES];
        private final String[] values = new String[MAX_ATTRIBUTES];
        private int size;

        private void add(String name, String value) {
            int place = size;
            while (place > 0 && names[place - 1].compareTo(name) >= 0) {
                if (names[place - 1].equals(name)) {
                    throw NotPlain.INSTANCE;
                }
                names[place] = names[place - 1];
                values[place] = values[place - 1];
                place--;
            }
            names[place] = name;
            values[place] = value;
            size++;
        }

        private @Nullable String uri(String prefix) {
            for (int i = 0; i < size; i++) {
                if (names[i].equals(prefix)) {
                    return values[i];
                }
            }
            return null;
        }

        private void write(StringBuilder tag, String lead) {
            for (int i = 0; i < size; i++) {
                tag.append(lead)
                        .append(names[i])
                        .append("=\"")
                        .append(values[i])
                        .append('"');
            }
        }

        private Map<String, String> map() {
            Map<String, String> map = new LinkedHashMap<>();
            for (int i = 0; i < size; i++) {
                map.put(names[i], values[i]);
            }
            return map;
        }
    }
}
