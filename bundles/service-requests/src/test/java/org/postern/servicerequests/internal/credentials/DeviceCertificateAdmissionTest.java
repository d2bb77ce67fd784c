package org.postern.servicerequests.internal.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.InboundIdentity;
import org.postern.catalogue.ReplyAddress;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseId;
import org.postern.duis.DuisResponse;
import org.postern.duis.DuisWriter;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.gbcs.Asn1Payload;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GroupingHeader;
import org.postern.ledger.Change;
import org.postern.ledger.InboundDocument;
import org.postern.ledger.OutboxEntry;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.CredentialsReport;
import org.postern.servicerequests.Submission;

/** Device certificates and the keys that devices generated, and checks of files without admission. */
class DeviceCertificateAdmissionTest extends CredentialsAdmissionBench {

    /** The answer of the device to 6.17, as the life cycle leaves it in the ledger. */
    private RequestId answered(String type, KeyPair key, boolean success) throws Exception {
        Admission.Accepted asked = accepted(issue(type), null);
        RequestId id = RequestId.parse(asked.requestId());
        ledger.store(document(id, "answer", key, "dcc"));
        ledger.apply(Change.of(asked.id()).success(success));
        return id;
    }

    @SuppressWarnings("ArgumentSelectionDefectChecker") // an answer goes from the target to the originator
    private static InboundDocument document(RequestId id, String what, KeyPair key, String signer) throws Exception {
        GbcsCodec codec = new GbcsCodec();
        byte[] csr = new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=x"), key.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate()))
                .getEncoded();
        GbcsMessage answer = GbcsMessage.unsigned(
                        new GroupingHeader(
                                2,
                                id.counter(),
                                id.target(),
                                id.originator(),
                                Optional.empty(),
                                0x000A,
                                org.postern.gbcs.Supplement.NONE),
                        new Asn1Payload(codec.decodeDer(Bytes.of(csr))))
                .wrapped(new byte[12]);
        byte[] document = DuisWriter.write(new DuisResponse(
                        "5.4",
                        Optional.of(id),
                        Optional.of(new ResponseId(id.target(), id.originator(), id.counter())),
                        "I0",
                        CLOCK.instant(),
                        new ResponseBody.ResponseMessage(
                                "6.17",
                                "6.17",
                                Optional.of(new ResponsePayload.GbcsPayload(org.postern.duis.Bytes.of(
                                        answer.encoded().toArray()))))))
                .toArray();
        return new InboundDocument(
                new InboundIdentity(what + " " + id),
                Optional.of(id),
                "ResponseMessage",
                "I0",
                document,
                CLOCK.instant(),
                signer);
    }

    private static String certificate(KeyPair key, int usage) {
        TestPki.Made issuing = new TestPki.Made(ISSUING_KEYS, null, new X500Name("CN=Test issuing"));
        return TestPki.device(CLOCK.instant(), issuing, meter, usage)
                .keys(key)
                .make()
                .base64();
    }

    private static final KeyPair ISSUING_KEYS = TestPki.pair("secp256r1");

    @Test
    void aDeviceCertificateIsForTheKeyThatTheDeviceMadeLast() throws Exception {
        KeyPair old = TestPki.pair("secp256r1");
        KeyPair latest = TestPki.pair("secp256r1");
        answered("Digital Signature", old, true);
        RequestId asked = answered("Digital Signature", latest, true);
        // stored only for people to inspect
        ledger.quarantine(document(asked, "put aside", old, "dcc"));
        ledger.store(document(asked, "untrusted", old, InboundDocument.NOT_PROVEN));
        answered("Digital Signature", TestPki.pair("secp256r1"), false);
        answered("Key Agreement", TestPki.pair("secp256r1"), true);
        // delivered, although its MAC was not checked
        String unchecked = ledger.findByRequestId(answered("Digital Signature", old, true))
                .orElseThrow()
                .id();
        ledger.apply(Change.of(unchecked)
                .deliver(OutboxEntry.pending(
                        "unchecked",
                        Optional.of(unchecked),
                        DeliveryKind.RESULT,
                        ReplyAddress.COMMON,
                        Map.of("authenticated", "no"),
                        "t",
                        new byte[0],
                        Optional.empty())));

        // its issuer is not installed: this is reported, and the key is checked nevertheless
        assertThat(codes(checker.check(deviceCertificate(certificate(latest, KeyUsage.digitalSignature)))))
                .containsExactly("PST-2137");
        assertThat(codes(checker.check(deviceCertificate(certificate(old, KeyUsage.digitalSignature)))))
                .containsExactly("PST-2137", "PST-2143");
        assertThat(codes(checker.check(deviceCertificate(certificate(latest, KeyUsage.keyAgreement)))))
                .containsExactly("PST-2137", "PST-2143");
        assertThat(refused(deviceCertificate(base64(meter.fileName() + "-ds"))).code())
                .isEqualTo("PST-2143");
    }

    @Test
    void aFileIsCheckedWithoutBeingSubmitted() {
        CredentialsReport xml = checker.check(
                Submission.Format.XML, DuisWriter.write(ownCredentials(0, 0)).toArray());
        CredentialsReport json = checker.check(
                Submission.Format.JSON,
                ("{\"service\":\"6.17\",\"device\":\"" + meter.dashed()
                                + "\",\"role\":\"IS\",\"body\":{\"CredentialType\":\"Key Agreement\"}}")
                        .getBytes(StandardCharsets.UTF_8));

        assertThat(xml.refusal()).isEmpty();
        assertThat(xml.certificates()).hasSize(4);
        assertThat(json.refusal()).isEmpty();
        assertThat(json.device()).isEqualTo(meter);
        assertThat(ledger.counts()).isEmpty();
        assertThat(ledger.counters().highest(SUPPLIER)).isZero();
    }
}
