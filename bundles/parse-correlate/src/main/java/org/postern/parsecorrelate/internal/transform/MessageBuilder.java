package org.postern.parsecorrelate.internal.transform;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postern.parsecorrelate.internal.transform.Piece.Leaf;

/** Collects the items, components or content that the steps of a use case make. */
final class MessageBuilder {

    /** The operations of an Access-Request. */
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

    /** One DLMS item: specification (choice, class, OBIS, attribute), optional selection, data. */
    record Item(
            Choice choice,
            CosemObject object,
            Leaf specification,
            @Nullable Piece selection,
            Piece data) {}

    /** One GBZ component; the from date is optional. */
    record Component(
            int cluster,
            int frameControl,
            int command,
            @Nullable Piece fromDate,
            List<Piece> fields,
            Trace trace) {}

    final List<Item> items = new ArrayList<>();
    final List<Component> components = new ArrayList<>();
    final List<Piece> content = new ArrayList<>();
    final List<Piece> supplement = new ArrayList<>();
}
