package org.postern.parsecorrelate.internal.mmc;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postern.gbcs.AnswerCheck;
import org.postern.gbcs.UseCaseTable;
import org.postern.gbcs.ZclFields;

/** The content of all mapping resources, read and checked. Immutable. */
public final class Catalogue {

    private static final List<String> RESOURCES =
            List.of("fragments.map", "commands.map", "electricity.map", "gas.map", "security.map", "alerts.map");

    private final Tables tables = Tables.load();
    private final Scales scales = Scales.load();
    private final ZclFields zcl = ZclFields.load();
    private final Map<String, String> elements;
    private final Mapping mapping;
    private final UseCaseTable useCases;
    private final AnswerCheck answers;

    /**
     * Reads the resources and checks them against the codec's item lists. Throws PST-1004 or PST-4001 with file and
     * line if a row is wrong.
     */
    public Catalogue(UseCaseTable useCases) {
        this.useCases = useCases;
        this.answers = new AnswerCheck(useCases);
        elements = Resource.table("services.tsv", "service", "element")
                .byKey("service", row -> row.text("service"), row -> row.text("element"));
        mapping = new MappingReader(tables, useCases).read(RESOURCES);
        new CatalogueCheck(useCases, elements, zcl).check(mapping);
    }

    AnswerCheck answers() {
        return answers;
    }

    Scales scales() {
        return scales;
    }

    Tables tables() {
        return tables;
    }

    ZclFields zcl() {
        return zcl;
    }

    Mapping mapping() {
        return mapping;
    }

    Optional<Mapping.Use> use(int messageCode) {
        return Optional.ofNullable(mapping.uses().get(messageCode));
    }

    /** Rows of the alert's payload; empty if it has no payload element. */
    List<Row> alertRows(int messageCode) {
        Mapping.Use use = mapping.alerts().get(messageCode);
        return use == null ? List.of() : use.rows();
    }

    /** Response element of the service; empty if the schema has none. */
    Optional<String> element(String variant) {
        return Optional.ofNullable(elements.get(variant)).filter(e -> !e.equals("-"));
    }

    /** True where the service is known, with or without a response element. */
    boolean serves(String variant) {
        return elements.containsKey(variant);
    }

    Optional<UseCaseTable.UseCase> find(int messageCode) {
        return useCases.find(messageCode);
    }

    /** Name of the use case, or null. */
    @Nullable
    String useCaseName(int messageCode) {
        return useCases.find(messageCode).map(UseCaseTable.UseCase::name).orElse(null);
    }

    /** Services that the message code answers, in the order of the resources. */
    public List<String> services(int messageCode) {
        return use(messageCode)
                .map(u -> u.services().stream()
                        .map(Mapping.Service::variant)
                        .distinct()
                        .toList())
                .orElse(List.of());
    }

    /** Message codes that have a mapping for responses. */
    public java.util.Set<Integer> messageCodes() {
        return mapping.uses().keySet();
    }
}
