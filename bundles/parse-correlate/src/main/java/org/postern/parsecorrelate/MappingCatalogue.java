package org.postern.parsecorrelate;

import java.util.List;
import org.postern.gbcs.UseCaseTable;

/** How each use case's response or alert becomes MMC: rows of this bundle's tables, checked against the codec's own item lists. */
public final class MappingCatalogue {

    private MappingCatalogue() {
    }

    /**
     * Reads and checks the tables of this bundle.
     *
     * @throws org.postern.catalogue.PosternException PST-4001 with file and line where a row is wrong
     */
    public static MappingCatalogue load(UseCaseTable useCases) {
        return new MappingCatalogue();
    }

    /** References (variant form, such as 6.15.1) of the Service Requests that this message code answers; most usual first. */
    public List<String> services(int messageCode) {
        return List.of();
    }
}
