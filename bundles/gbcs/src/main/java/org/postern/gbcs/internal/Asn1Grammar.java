package org.postern.gbcs.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Table;
import org.postern.gbcs.Asn1Shapes;
import org.postern.gbcs.DerNode;

/** Parses the grammar of one ASN.1 shape; the head of the table describes it. */
public final class Asn1Grammar {

    private static final Map<String, Integer> TAGS = Map.of(
            "INT",
            DerNode.INTEGER,
            "ENUM",
            DerNode.ENUMERATED,
            "BITS",
            DerNode.BIT_STRING,
            "OCT",
            DerNode.OCTET_STRING,
            "NULL",
            DerNode.NULL,
            "TIME",
            DerNode.GENERALIZED_TIME);
    private static final int ANY = -1;
    private static final int CERTIFICATE = -2;

    private final Table.Row row;
    private final String column;
    private final Map<String, List<Part>> shapes;
    private final String[] tokens;
    private int next;

    /** Number of occurrences of a part. */
    enum Occurs {
        ONCE,
        OPTIONAL,
        MANY
    }

    /** A node of the shape: a tag, and the parts of a constructed node (null for a primitive node). */
    public record Part(String name, int tag, @Nullable List<Part> parts, Occurs occurs) {

        /** Adds the values of the node; false where the node does not match. */
        public boolean matches(DerNode node, String path, List<Asn1Shapes.Field> into) {
            if (tag == ANY) {
                return into.add(new Asn1Shapes.Field(path, node));
            }
            if (tag == CERTIFICATE) {
                return node instanceof DerNode.Certificate && into.add(new Asn1Shapes.Field(path, node));
            }
            if (node.tag() != tag || node instanceof DerNode.Certificate) {
                return false;
            }
            if (parts == null) {
                return into.add(new Asn1Shapes.Field(path, node));
            }
            int at = 0;
            for (Part part : parts) {
                int found = 0;
                while (at < node.children().size() && (found == 0 || part.occurs == Occurs.MANY)) {
                    String name = part.name + (part.occurs == Occurs.MANY ? "[" + found + "]" : "");
                    int size = into.size();
                    if (!part.matches(node.children().get(at), path.isEmpty() ? name : path + "." + name, into)) {
                        into.subList(size, into.size()).clear();
                        break;
                    }
                    at++;
                    found++;
                }
                if (found == 0 && part.occurs == Occurs.ONCE) {
                    return false;
                }
            }
            return at == node.children().size();
        }
    }

    /**
     * @param column column with the grammar
     * @param shapes the rows before it
     */
    public Asn1Grammar(Table.Row row, String column, Map<String, List<Part>> shapes) {
        this.row = row;
        this.column = column;
        this.shapes = shapes;
        this.tokens = row.text(column).split(" ");
    }

    /** The node that the row describes. To be called once. */
    public Part read() {
        Part part = part();
        if (next != tokens.length) {
            throw row.broken(column, "one node", "further tokens: " + tokens[next]);
        }
        return part;
    }

    private Part part() {
        String token = tokens[next++];
        int colon = token.indexOf(':');
        String name = colon < 0 ? "" : token.substring(0, colon);
        String type = token.substring(colon + 1);
        Occurs occurs = occurs(type);
        type = type.replaceAll("[?*]$", "");
        if (type.endsWith("{")) {
            List<Part> parts = new ArrayList<>();
            while (next < tokens.length && !tokens[next].startsWith("}")) {
                parts.add(part());
            }
            if (next == tokens.length) {
                throw row.broken(column, "every { has a matching }", token);
            }
            occurs = occurs(tokens[next++]);
            return new Part(
                    name,
                    type.equals("SEQ{") ? DerNode.SEQUENCE : tag(type.substring(0, type.length() - 1)),
                    parts,
                    occurs);
        }
        if (type.startsWith("@")) {
            List<Part> shape = shapes.get(type.substring(1));
            if (shape == null) {
                throw row.broken(column, "shapes are used after the row that defines them", type);
            }
            return new Part(name, shape.get(0).tag(), shape.get(0).parts(), occurs);
        }
        return new Part(
                name,
                type.equals("ANY")
                        ? ANY
                        : type.equals("CERT") ? CERTIFICATE : TAGS.containsKey(type) ? TAGS.get(type) : tag(type),
                null,
                occurs);
    }

    private static Occurs occurs(String token) {
        return token.endsWith("?") ? Occurs.OPTIONAL : token.endsWith("*") ? Occurs.MANY : Occurs.ONCE;
    }

    private int tag(String type) {
        if (!type.matches("\\[[0-9A-F]{2}]")) {
            throw row.broken(column, "a known type or a context tag", type);
        }
        return Integer.parseInt(type.substring(1, 3), 16);
    }
}
