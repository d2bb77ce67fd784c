package org.postern.parsecorrelate.internal.mmc;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.Payload;
import org.postern.gbcs.UseCaseTable;
import org.postern.gbcs.ZclFields;

/**
 * Checks the mapping against the codec's own lists: the codes, services, items, attributes and commands that a row
 * names must exist.
 */
final class CatalogueCheck {

    private final UseCaseTable useCases;
    private final Map<String, String> elements;
    private final ZclFields zcl;

    CatalogueCheck(UseCaseTable useCases, Map<String, String> elements, ZclFields zcl) {
        this.useCases = useCases;
        this.elements = elements;
        this.zcl = zcl;
    }

    void check(Mapping all) {
        all.uses().values().forEach(use -> {
            UseCaseTable.UseCase known = known(use);
            if (use.services().isEmpty() || use.services().stream().anyMatch(s -> !elements.containsKey(s.variant()))) {
                throw fault(
                        use,
                        use.line(),
                        "the services of a use case are in services.tsv",
                        use.services().toString());
            }
            Set<String> steps = new HashSet<>();
            firstSteps(all, use, use.rows(), true, steps);
            steps.forEach(step -> exists(use, known, MessageKind.RESPONSE, step));
        });
        all.alerts().values().forEach(this::known);
    }

    private UseCaseTable.UseCase known(Mapping.Use use) {
        return useCases.find(use.code())
                .orElseThrow(() -> fault(
                        use, use.line(), "the message code is in the use-case table", Integer.toHexString(use.code())));
    }

    /** First steps of all paths that start at the root. */
    private static void firstSteps(
            Mapping mapping, Mapping.Use use, List<Row> rows, boolean atRoot, Set<String> steps) {
        for (Row row : rows) {
            boolean fromRoot = atRoot && row.source().up() == 0 || row.source().up() < 0;
            boolean stays = row.source().steps().isEmpty();
            if (fromRoot && !stays && !row.source().isCounter()) {
                steps.add(row.source().steps().get(0));
            }
            for (Row.Path other : row.otherPaths()) {
                if (!other.steps().isEmpty() && (other.up() < 0 || atRoot && other.up() == 0)) {
                    steps.add(other.steps().get(0));
                }
            }
            boolean beneathAtRoot = atRoot
                    && (stays || row.kind() == Row.Kind.WHEN || row.kind() == Row.Kind.ELEMENT)
                    && row.kind() != Row.Kind.EACH;
            firstSteps(mapping, use, row.rows(), beneathAtRoot, steps);
            if (row.kind() == Row.Kind.USE) {
                firstSteps(mapping, use, mapping.fragment(row.function()), beneathAtRoot, steps);
            }
        }
    }

    private void exists(Mapping.Use use, UseCaseTable.UseCase known, MessageKind kind, String step) {
        if (known.families().contains(Payload.Family.DLMS)) {
            int items = known.dlms(kind).size();
            if (!step.matches("\\d+") || Integer.parseInt(step) >= items) {
                throw fault(use, use.line(), "an item of the response, of which there are " + items, step);
            }
        } else if (known.families().contains(Payload.Family.GBZ)) {
            if (step.matches("[0-9A-F]{4}/[0-9A-F]{4}")) {
                int cluster = Integer.parseInt(step.substring(0, 4), 16);
                int attribute = Integer.parseInt(step.substring(5), 16);
                if (known.gbz(MessageKind.COMMAND).stream()
                        .noneMatch(i -> i.cluster() == cluster
                                && i.command() == 0
                                && i.attributes().contains(attribute))) {
                    throw fault(use, use.line(), "an attribute that the use case reads", step);
                }
            } else if (step.matches("[0-9A-F]{4}:[0-9A-F]{2}")) {
                int cluster = Integer.parseInt(step.substring(0, 4), 16);
                int command = Integer.parseInt(step.substring(5), 16);
                if (known.gbz(kind).stream()
                        .noneMatch(i -> i.cluster() == cluster
                                && i.command() == command
                                && zcl.knows(cluster, i.zclFrame(0)))) {
                    throw fault(use, use.line(), "a command of the response with a layout", step);
                }
            } else {
                throw fault(use, use.line(), "CLUSTER/ATTRIBUTE or CLUSTER:COMMAND", step);
            }
        }
    }

    private static RuntimeException fault(Mapping.Use use, int line, String rule, String cause) {
        return Resource.fault(use.resource(), line, rule, use.name() + ": " + cause);
    }
}
