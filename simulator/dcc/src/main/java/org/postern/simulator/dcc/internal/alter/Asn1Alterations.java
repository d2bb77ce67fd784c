package org.postern.simulator.dcc.internal.alter;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.UnaryOperator;
import org.postern.gbcs.Asn1Payload;
import org.postern.gbcs.Asn1Shapes;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DerNode;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.UseCaseTable;

/** Everything in a security command: each node by its place, and each value also by its name in the table of shapes. */
final class Asn1Alterations {

    private final Alterations all;
    private final DerNode root;

    Asn1Alterations(Alterations all, Asn1Payload payload) {
        this.all = all;
        this.root = payload.root();
    }

    void add() {
        node("node", root, n -> n);
        String shape = UseCaseTable.load()
                .find(all.message().header().messageCode())
                .map(u -> u.asn1().getOrDefault(MessageKind.COMMAND, ""))
                .orElse("");
        Asn1Shapes.load().match(shape, root).orElse(List.of()).forEach(field -> named(field.path(), field.node()));
    }

    private void named(String path, DerNode node) {
        all.content(path, () -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            write(out, replaced(root, node, changed(node)), null);
            return out.toByteArray();
        });
    }

    private static DerNode replaced(DerNode here, DerNode old, DerNode fresh) {
        if (here == old) {
            return fresh;
        }
        return here instanceof DerNode.Constructed c
                ? new DerNode.Constructed(
                        c.tag(),
                        c.children().stream()
                                .map(child -> replaced(child, old, fresh))
                                .toList(),
                        c.wide())
                : here;
    }

    /** @param whole the root with this node in its place */
    private void node(String name, DerNode node, UnaryOperator<DerNode> whole) {
        content(name + ".long-length", node);
        if (node instanceof DerNode.Constructed c) {
            put(name + ".tag", whole.apply(new DerNode.Constructed(c.tag() ^ 1, c.children(), c.wide())));
            put(
                    name + ".added",
                    whole.apply(new DerNode.Constructed(
                            c.tag(),
                            Alterations.plus(c.children(), c.children().size(), DerNode.integer(0)),
                            c.wide())));
            for (int i = 0; i < c.children().size(); i++) {
                int at = i;
                String inner = name + "[" + i + "]";
                UnaryOperator<DerNode> within = n -> whole.apply(with(c, Alterations.with(c.children(), at, n)));
                node(inner, c.children().get(i), within);
                put(inner + ".removed", whole.apply(with(c, Alterations.without(c.children(), i))));
                put(
                        inner + ".repeated",
                        whole.apply(with(
                                c,
                                Alterations.plus(c.children(), i, c.children().get(i)))));
                Alterations.swapped(c.children(), i).ifPresent(s -> put(inner + ".swapped", whole.apply(with(c, s))));
            }
            return;
        }
        put(name, whole.apply(changed(node)));
        all.value(name);
        if (node instanceof DerNode.Certificate certificate) {
            for (int b = 0; b < certificate.encoded().length(); b++) {
                byteOf(name, certificate, b, whole);
            }
            return;
        }
        DerNode.Primitive p = (DerNode.Primitive) node;
        put(name + ".tag", whole.apply(new DerNode.Primitive(p.tag() ^ 1, p.content())));
        if (p.tag() == DerNode.INTEGER || p.tag() == DerNode.ENUMERATED) {
            put(
                    name + ".padded",
                    whole.apply(new DerNode.Primitive(
                            p.tag(), Bytes.ofHex("00" + p.content().hex()))));
        }
        for (int b = 0; b < p.content().length() - 1; b++) {
            put(
                    name + ".byte[" + b + "]",
                    whole.apply(new DerNode.Primitive(p.tag(), Alterations.flip(p.content(), b, 1))));
        }
    }

    private void byteOf(String name, DerNode.Certificate certificate, int b, UnaryOperator<DerNode> whole) {
        String field = name + ".byte[" + b + "]";
        // made when asked for: a certificate has hundreds of bytes
        all.content(
                field,
                () -> bytes(whole.apply(new DerNode.Certificate(Alterations.flip(certificate.encoded(), b, 1))), null));
    }

    private static DerNode with(DerNode.Constructed c, List<DerNode> children) {
        return new DerNode.Constructed(c.tag(), children, c.wide());
    }

    private void put(String field, DerNode altered) {
        all.content(field, () -> bytes(altered, null));
    }

    private void content(String field, DerNode longOne) {
        if (!(longOne instanceof DerNode.Certificate)) {
            all.content(field, () -> bytes(root, longOne));
        }
    }

    private static byte[] bytes(DerNode node, DerNode longOne) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, node, longOne);
        return out.toByteArray();
    }

    /** An empty value becomes one byte; any other has another last bit. */
    private static DerNode changed(DerNode node) {
        if (node instanceof DerNode.Certificate c) {
            return new DerNode.Certificate(
                    Alterations.flip(c.encoded(), c.encoded().length() - 1, 1));
        }
        if (node instanceof DerNode.Primitive p) {
            return new DerNode.Primitive(
                    p.tag(),
                    p.content().isEmpty()
                            ? Bytes.of(new byte[1])
                            : Alterations.flip(p.content(), p.content().length() - 1, 1));
        }
        return node;
    }

    private static void write(ByteArrayOutputStream out, DerNode node, DerNode longOne) {
        if (node instanceof DerNode.Certificate c) {
            out.writeBytes(c.encoded().toArray());
            return;
        }
        byte[] content = node instanceof DerNode.Primitive p ? p.content().toArray() : null;
        if (content == null) {
            ByteArrayOutputStream inner = new ByteArrayOutputStream();
            node.children().forEach(child -> write(inner, child, longOne));
            content = inner.toByteArray();
        }
        out.write(node.tag());
        out.writeBytes(
                node == longOne ? Alterations.longLengthOf(content.length) : Alterations.lengthOf(content.length));
        out.writeBytes(content);
    }
}
