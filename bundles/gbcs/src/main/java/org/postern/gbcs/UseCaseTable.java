package org.postern.gbcs;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Message codes and what they stand for: use case, protection, ordered items. Read from this bundle's tables and validated. */
public final class UseCaseTable {

    /** What the code demands in one direction. */
    public enum Protection {
        /** MAC wrapper, empty signature field. */
        MAC,
        /** No wrapper, signature. */
        SIGNATURE,
        /** MAC wrapper around a signed message. */
        MAC_AND_SIGNATURE
    }

    /**
     * A use case of one message code.
     *
     * @param code        message code, 0 to FFFF
     * @param name        use-case name such as ECS17b
     * @param family      payload family
     * @param messageType {@code SME.C.C} and so on, as far as the tables know it
     * @param protections the protections that occur, per kind of message; more than one where the counterparty decides
     * @param asn1Command name of the ASN.1 shape of the command, empty where not ASN.1
     */
    public record UseCase(int code, String name, Payload.Family family, String messageType,
            java.util.Map<MessageKind, java.util.Set<Protection>> protections, List<DlmsItem> dlms, List<GbzItem> gbz,
            String asn1Command, String asn1Response) {
    }

    /**
     * One DLMS item of a use case.
     *
     * @param direction COMMAND, RESPONSE or ALERT
     * @param shape     data shape such as {@code struct(oct,u32)}
     * @param smetsName SMETS object name, empty where none is known
     */
    public record DlmsItem(MessageKind direction, int position, DlmsPayload.Operation operation, Optional<DlmsPayload.Target> target,
            String shape, String smetsName) {
    }

    /** One GBZ component of a use case. */
    public record GbzItem(MessageKind direction, int position, int cluster, int frameType, boolean fromServer, int command,
            boolean encrypted, List<Integer> attributes) {
    }

    /** The table of this bundle. */
    public static UseCaseTable load() {
        throw new UnsupportedOperationException();
    }

    public Optional<UseCase> find(int messageCode) {
        throw new UnsupportedOperationException();
    }

    public Collection<UseCase> all() {
        throw new UnsupportedOperationException();
    }
}
