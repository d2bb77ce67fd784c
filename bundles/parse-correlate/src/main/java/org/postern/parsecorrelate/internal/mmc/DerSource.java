package org.postern.parsecorrelate.internal.mmc;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DerNode;

/** A DER node as a source; the step "encoded" gives its encoding. */
record DerSource(DerNode node, java.util.function.Function<DerNode, Bytes> encoder) implements Source {

    @Override
    public @Nullable Source at(String step) {
        if ("encoded".equals(step)) {
            return new Octets(encoder.apply(node));
        }
        if ("tag".equals(step)) {
            return new Num(node.tag(), 1);
        }
        List<DerNode> children = node.children();
        int i = Source.index(step, children.size());
        return i < 0 ? null : new DerSource(children.get(i), encoder);
    }

    @Override
    public List<Source> list() {
        return node.children().stream()
                .map(c -> (Source) new DerSource(c, encoder))
                .toList();
    }

    @Override
    public boolean isList() {
        return node instanceof DerNode.Constructed;
    }

    @Override
    public BigInteger number() {
        if (node instanceof DerNode.Primitive p
                && !p.content().isEmpty()
                && p.content().length() <= 9
                && (p.tag() == DerNode.INTEGER || p.tag() == DerNode.ENUMERATED || p.tag() >= 0x80)) {
            return p.number();
        }
        throw new UnexpectedValueException("an INTEGER is expected, the tag is " + Integer.toHexString(node.tag()));
    }

    @Override
    public Bytes bytes() {
        if (node instanceof DerNode.Primitive p) {
            return p.content();
        }
        throw new UnexpectedValueException("a primitive is expected, the tag is " + Integer.toHexString(node.tag()));
    }
}
