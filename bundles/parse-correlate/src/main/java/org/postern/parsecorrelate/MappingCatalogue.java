package org.postern.parsecorrelate;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.postern.gbcs.UseCaseTable;
import org.postern.parsecorrelate.internal.mmc.Catalogue;

/**
 * How each use case's response or alert is mapped to MMC: the rows of this bundle's tables, checked against the codec's
 * own item lists.
 */
public final class MappingCatalogue {

    private final Catalogue catalogue;
    private final UseCaseTable useCases;

    private MappingCatalogue(UseCaseTable useCases) {
        this.useCases = Objects.requireNonNull(useCases, "useCases");
        this.catalogue = new Catalogue(useCases);
    }

    /**
     * Reads and checks the tables of this bundle.
     *
     * @throws org.postern.catalogue.PosternException PST-4001 with file and line where a row is wrong
     */
    public static MappingCatalogue load(UseCaseTable useCases) {
        return new MappingCatalogue(useCases);
    }

    /**
     * References (variant form, such as 6.15.1) of the Service Requests that this message code answers; the most common
     * one last.
     */
    public List<String> services(int messageCode) {
        return catalogue.services(messageCode);
    }

    /** Message codes whose responses are mapped. */
    public Set<Integer> messageCodes() {
        return catalogue.messageCodes();
    }

    UseCaseTable useCases() {
        return useCases;
    }

    Catalogue catalogue() {
        return catalogue;
    }
}
