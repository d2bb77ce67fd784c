package org.postern.gbcs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.catalogue.Table;
import org.postern.gbcs.internal.Asn1Grammar;

/**
 * The meaning of the nodes of ASN.1 content: matches a tree against a shape that the use-case table names, and assigns
 * a path to each value. Read from the table of this bundle. Immutable.
 */
public final class Asn1Shapes {

    /**
     * One value.
     *
     * @param path names from the outermost node to the value, such as {@code replacements.replacement[1].cell.role}
     * @param node the value
     */
    public record Field(String path, DerNode node) {}

    private final Map<String, List<Asn1Grammar.Part>> shapes;

    private Asn1Shapes(Map<String, List<Asn1Grammar.Part>> shapes) {
        this.shapes = shapes;
    }

    /**
     * Reads and validates the table of this bundle.
     *
     * @throws org.postern.catalogue.PosternException PST-1004 naming file, line and column
     */
    public static Asn1Shapes load() {
        Map<String, List<Asn1Grammar.Part>> shapes = new LinkedHashMap<>();
        for (Table.Row row : Table.resource(Asn1Shapes.class, "asn1-shapes.tsv", "shape", "grammar")
                .rows()) {
            Asn1Grammar.Part part = new Asn1Grammar(row, "grammar", shapes).read();
            shapes.computeIfAbsent(row.text("shape"), name -> new ArrayList<>()).add(part);
        }
        return new Asn1Shapes(shapes);
    }

    /** Names of all shapes. */
    public Set<String> names() {
        return shapes.keySet();
    }

    /**
     * The values of the tree with their paths; empty where the tree does not match the shape, or there is no such
     * shape.
     */
    public Optional<List<Field>> match(String shape, DerNode root) {
        for (Asn1Grammar.Part part : shapes.getOrDefault(shape, List.of())) {
            List<Field> fields = new ArrayList<>();
            if (part.matches(root, "", fields)) {
                return Optional.of(fields);
            }
        }
        return Optional.empty();
    }
}
