package org.postern.parsecorrelate.internal.transform;

import java.util.ArrayList;
import java.util.List;
import org.postern.parsecorrelate.internal.transform.Piece.Leaf;

/** Collects the items, components or content that a use case's recipe makes. */
final class MessageBuilder {

    /** What an Access-Request may ask of an attribute or method. */
    enum Choice {
        GET(1),
        SET(2),
        ACT(3),
        SELECT(4);

        final int code;

        Choice(int code) {
            this.code = code;
        }
    }

    /** One DLMS item: specification (choice, class, OBIS, attribute), selection or null, data. */
    record Item(Choice choice, CosemObject object, Leaf specification, Piece selection, Piece data) {}

    /** One GBZ component; from-date null where the component is not dated. */
    record Component(int cluster, int frameControl, int command, Piece fromDate, List<Piece> fields, Trace trace) {}

    final List<Item> items = new ArrayList<>();
    final List<Component> components = new ArrayList<>();
    final List<Piece> content = new ArrayList<>();
    final List<Piece> supplement = new ArrayList<>();
}
