package org.postern.parsecorrelate;

import java.nio.file.Path;
import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.KeyUse;
import org.postern.gbcs.SharedSecretCache;
import org.postern.gbcs.Supplement;
import org.postern.testkit.Rtds;

/** Makes responses as a device would, with the keys of the project's own test PKI. */
record OwnMessages(EcProvider ec, GbcsCrypto crypto, GbcsCodec codec, KeyFolder keys, GbcsParser parser) {

    static final Eui64 SUPPLIER = Eui64.parse("0A11000000000001");
    static final Eui64 ACB = Eui64.parse("0A11000000000002");
    static final Eui64 ESME = Eui64.parse("0A22000000000001");
    static final Eui64 GPF = Eui64.parse("0A22000000000003");
    static final Path VECTORS = Rtds.projectRoot().resolve("bundles/gbcs/src/test/resources/org/postern/gbcs/vectors");

    OwnMessages() {
        this(EcProvider.fastest());
    }

    private OwnMessages(EcProvider ec) {
        this(ec, new GbcsCrypto(ec));
    }

    private OwnMessages(EcProvider ec, GbcsCrypto crypto) {
        this(ec, crypto, new KeyFolder(VECTORS.resolve("keys"), ec, crypto));
    }

    private OwnMessages(EcProvider ec, GbcsCrypto crypto, KeyFolder keys) {
        this(ec, crypto, new GbcsCodec(), keys, GbcsParser.over(keys, ec, new SharedSecretCache(16), ACB));
    }

    static GroupingHeader response(int code, Eui64 device, Eui64 user, long counter) {
        return new GroupingHeader(2, counter, device, user, Optional.empty(), code, Supplement.NONE);
    }

    /** In a MAC wrapper as the device makes it. */
    byte[] wrapped(GroupingHeader header, org.postern.gbcs.Payload payload) {
        GbcsMessage message = GbcsMessage.unsigned(header, payload);
        byte[] z = keys.agree(
                        header.target(),
                        KeyUse.KEY_AGREEMENT,
                        keys.certificate(header.originator(), KeyUse.KEY_AGREEMENT)
                                .orElseThrow())
                .orElseThrow();
        return message.wrapped(crypto.mac(z, message)).encoded().toArray();
    }

    /** An encrypted component as the device makes it. */
    GbzPayload.Component protectedComponent(
            GroupingHeader header, int cluster, GbzPayload.ZclFrame frame, Bytes payload) {
        byte[] z = keys.agree(
                        header.target(),
                        KeyUse.KEY_AGREEMENT,
                        keys.certificate(header.originator(), KeyUse.KEY_AGREEMENT)
                                .orElseThrow())
                .orElseThrow();
        return GbzPayload.Component.encrypted(
                cluster, 0, frame, crypto.encrypt(z, header.originator(), header.counter(), header.target(), payload));
    }

    DlmsPayload.ResponseItem protectedItem(GroupingHeader header, DlmsData plain) {
        byte[] z = keys.agree(
                        header.target(),
                        KeyUse.KEY_AGREEMENT,
                        keys.certificate(header.originator(), KeyUse.KEY_AGREEMENT)
                                .orElseThrow())
                .orElseThrow();
        Bytes object =
                crypto.encrypt(z, header.originator(), header.counter(), header.target(), codec.encodeData(plain));
        DlmsData parameters = DlmsData.array(DlmsData.structure(
                DlmsData.enumeration(2),
                DlmsData.structure(
                        DlmsData.octetsHex(String.format("04%016X", header.counter())),
                        DlmsData.octets(header.originator().toBytes()),
                        DlmsData.octets(header.target().toBytes()),
                        DlmsData.octets(),
                        DlmsData.structure(
                                DlmsData.enumeration(2),
                                DlmsData.structure(DlmsData.octetsHex("02"), DlmsData.octets())))));
        return new DlmsPayload.ResponseItem(
                DlmsPayload.Operation.ACTION, 0, DlmsData.structure(parameters, DlmsData.octets(object)));
    }
}
