package org.postern.duis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.RequestId;
import org.postern.testkit.Rtds;

class SignatureTest {

    private static final RequestId ID = RequestId.parse("90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-A0:1000");
    private static final String ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";

    private final Signatory user = Signatory.named("user", 1_234_567_890L);
    private final Signatory stranger = Signatory.named("stranger", 7);
    private final DuisVerifier verifier =
            new DuisVerifier(DuisLimits.DEFAULT, SignerDirectory.of(List.of(user.certificate())), Signatory.EC);
    private final DuisRequest request =
            new DuisRequest(ID, CommandVariant.CV4, "7.1", "7.1", DuisElement.of("EnableSupply"));

    @Test
    void theJdkAcceptsTheSignatureOfEveryReferenceRequest() throws Exception {
        DuisReader reader = new DuisReader(DuisLimits.DEFAULT);
        List<Path> files = Rtds.required().requests();
        assertThat(files).hasSizeGreaterThan(200);
        for (Path file : files) {
            DuisRequest read = reader.readRequest(Files.readAllBytes(file));
            byte[] signed = user.signer().sign(DuisWriter.write(read));
            assertThat(user.acceptedByJdk(signed))
                    .as(file.getFileName().toString())
                    .isTrue();
            assertThat(verifier.verifyRequest(signed).document())
                    .as(file.getFileName().toString())
                    .isEqualTo(read);
            assertThat(new String(signed, StandardCharsets.UTF_8)).doesNotContainPattern(">\\s+<");
        }
    }

    // with white space, comments, unused namespaces and empty elements, because the digest covers inclusive Canonical
    // XML
    @Test
    void everyReferenceRequestThatTheJdkSignedIsAccepted() throws Exception {
        DuisReader reader = new DuisReader(DuisLimits.DEFAULT);
        List<Path> files = Rtds.required().requests();
        assertThat(files).hasSizeGreaterThan(200);
        for (Path file : files) {
            byte[] template = Files.readAllBytes(file);
            byte[] signed = user.signWithJdk(template, ECDSA_SHA256);
            VerifiedDuis<DuisRequest> verified = verifier.verifyRequest(signed);
            assertThat(verified.document()).as(file.getFileName().toString()).isEqualTo(reader.readRequest(template));
            assertThat(verified.signer()).isEqualTo(user.certificate());
        }
    }

    @Test
    void canonicalFormAgreesWithTheJdkForUnusualDocuments() throws Exception {
        String header = "<h:Header><h:RequestID>" + ID + "</h:RequestID><h:CommandVariant>1</h:CommandVariant>"
                + "<h:ServiceReference>3.1</h:ServiceReference><h:ServiceReferenceVariant>3.1</h:ServiceReferenceVariant></h:Header>";
        for (String text : List.of(
                "plain",
                "&lt;&amp;&gt;&quot;&apos;",
                "caf\u00e9 \u20ac \ud83d\ude00",
                "a&#13;b&#10;c&#9;d",
                "<![CDATA[<x>&]]>tail",
                "  padded\n\t ",
                "one<!-- two -->three",
                "]]&gt;")) {
            String document =
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- before --><h:Request xmlns:z=\"urn:z\" xmlns:a=\"urn:a\" "
                            + "schemaVersion = '5.4'\n xmlns:h=\"" + DuisElement.DUIS + "\">" + header
                            + "<h:Body><h:DisplayMessage zed='1' xmlns:b='urn:b' a:att=\"&#10;&quot;&lt;x>&#9;\" alpha='2' b:att='q' xml:lang='en'>"
                            + "<h:Message xmlns:b='urn:b' xmlns:a='urn:other'>" + text + "</h:Message><Other xmlns='"
                            + DuisElement.DUIS + "'/>"
                            + "</h:DisplayMessage></h:Body></h:Request><!-- after -->";
            byte[] signed = user.signWithJdk(document.getBytes(StandardCharsets.UTF_8), ECDSA_SHA256);
            assertThat(user.acceptedByJdk(signed)).as(text).isTrue();
            assertThat(verifier.verifyRequest(signed).document().serviceReference())
                    .as(text)
                    .isEqualTo("3.1");
        }
    }

    // the JDK accepts every document that is accepted here, also where one byte was changed
    @Test
    void aDocumentWithOneChangedByteIsAcceptedOnlyIfTheJdkAcceptsIt() throws Exception {
        byte[] signed = user.signer().sign(DuisWriter.write(request));
        Random random = new Random(20261123);
        int refused = 0;
        for (int i = 0; i < signed.length; i++) {
            byte[] changed = signed.clone();
            changed[i] = (byte) (changed[i] ^ 1 << random.nextInt(7));
            try {
                verifier.verifyRequest(changed);
            } catch (org.postern.catalogue.PosternException e) {
                refused++;
                continue;
            }
            assertThat(user.acceptedByJdk(changed)).as("byte " + i).isTrue();
        }
        assertThat(refused).isGreaterThan(signed.length * 9 / 10);
    }

    @Test
    void aSignatureOfAnotherKeyOrAnUnknownCertificateIsRefused() {
        CanonicalDuis document = DuisWriter.write(request);
        DuisSigner forger = new DuisSigner(
                user.certificate(),
                info -> Signatory.EC.sign(Signatory.EC.privateKey(stranger.key().getEncoded()), info));
        assertRefused("PST-1026", forger.sign(document));
        assertRefused("PST-1024", stranger.signer().sign(document));
    }

    @Test
    void anUnsignedDocumentIsRefused() {
        assertRefused("PST-1020", DuisWriter.write(request).toArray());
    }

    @Test
    void changedContentIsRefused() {
        String signed = text(user.signer().sign(DuisWriter.write(request)));
        assertRefused("PST-1025", bytes(signed.replace(":1000<", ":1001<")));
        assertRefused("PST-1025", bytes(signed.replace("<sr:Body>", "<sr:Body> ")));
        assertRefused("PST-1025", bytes(signed.replace("schemaVersion=\"5.4\"", "schemaVersion=\"5.3\"")));
    }

    // the usual forms of signature wrapping
    @Test
    void twoSignaturesOrOneInAnotherPlaceAreRefused() {
        String signed = text(user.signer().sign(DuisWriter.write(request)));
        String signature = signed.substring(signed.indexOf("<ds:Signature "), signed.indexOf("</sr:Request>"));
        String bare = signed.replace(signature, "");
        assertRefused("PST-1021", bytes(signed.replace("</sr:Request>", signature + "</sr:Request>")));
        assertRefused(
                "PST-1021",
                bytes(bare.replace("<sr:EnableSupply>", "<sr:EnableSupply>" + signature)
                        .replace("</sr:Request>", signature + "</sr:Request>")));
        assertRefused("PST-1022", bytes(bare.replace("<sr:Header>", signature + "<sr:Header>")));
        assertRefused("PST-1020", bytes(bare.replace("<sr:EnableSupply>", "<sr:EnableSupply>" + signature)));
        // the signed root moved inside another root
        assertRefused(
                "PST-1020",
                bytes("<sr:Request xmlns:sr=\"" + DuisElement.DUIS + "\" schemaVersion=\"5.4\"><sr:Wrapper>" + signed
                        + "</sr:Wrapper><sr:Header/><sr:Body/></sr:Request>"));
        // a second SignedInfo, for a reader that uses the first or the last one
        String info =
                signature.substring(signature.indexOf("<ds:SignedInfo>"), signature.indexOf("<ds:SignatureValue>"));
        assertRefused("PST-1023", bytes(signed.replace(info, info + info)));
        // an Object element next to KeyInfo with other content
        assertRefused(
                "PST-1023", bytes(signed.replace("</ds:KeyInfo>", "</ds:KeyInfo><ds:Object>" + bare + "</ds:Object>")));
    }

    @Test
    void aSignatureOverAnotherElementIsRefused() throws Exception {
        String signed = text(user.signer().sign(DuisWriter.write(request)));
        assertRefused(
                "PST-1023",
                bytes(signed.replace("URI=\"\"", "URI=\"#body\"").replace("<sr:Body>", "<sr:Body Id=\"body\">")));
        assertRefused("PST-1023", bytes(signed.replace(" URI=\"\"", "")));
    }

    @Test
    void onlyTheAlgorithmsOfTheProfileAreAccepted() throws Exception {
        byte[] template = DuisWriter.write(request).toArray();
        assertRefused("PST-1023", user.signWithJdk(template, "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"));
        String signed = text(user.signer().sign(DuisWriter.write(request)));
        for (Map.Entry<String, String> change : Map.of(
                        "http://www.w3.org/2001/10/xml-exc-c14n#\"",
                                "http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"",
                        "xmlenc#sha256", "xmlenc#sha512",
                        "xmldsig#enveloped-signature", "xmldsig#base64",
                        "xmldsig-more#ecdsa-sha256", "xmldsig-more#hmac-sha256")
                .entrySet()) {
            assertRefused("PST-1023", bytes(signed.replace(change.getKey(), change.getValue())));
        }
        assertRefused(
                "PST-1023",
                bytes(
                        signed.replace(
                                "</ds:Transforms>",
                                "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"></ds:Transform></ds:Transforms>")));
    }

    @Test
    void aSignatureOfAnotherLengthThanSixtyFourBytesIsRefused() {
        DuisSigner broken = new DuisSigner(user.certificate(), info -> new byte[71]);
        assertThatThrownBy(() -> broken.sign(DuisWriter.write(request)))
                .isInstanceOfSatisfying(
                        DuisException.class, e -> assertThat(e.fault().code()).isEqualTo("PST-1050"));
    }

    @Test
    void responsesOfEveryKindAreReadAsTheyWereWritten() {
        Bytes gbcs = Bytes.of(new byte[] {1, 2, 3});
        for (ResponsePayload payload : List.of(
                new ResponsePayload.GbcsPayload(gbcs),
                new ResponsePayload.PreCommand("4.1", gbcs),
                new ResponsePayload.LocalCommand(gbcs),
                new ResponsePayload.FutureDatedDeviceAlertMessage(false, gbcs, 2, 3),
                new ResponsePayload.ScheduledMessage(gbcs, 1_000_000_000_000L),
                new ResponsePayload.CustomerNumber(gbcs, "0042"),
                new ResponsePayload.ScheduleId(12),
                new ResponsePayload.DccData(DuisElement.of("DSPInventory", DuisElement.leaf("Device", ""))))) {
            assertRoundTrip(new ResponseBody.ResponseMessage("7.1", "7.1", Optional.of(payload)), payload.element());
        }
        assertRoundTrip(new ResponseBody.ResponseMessage("7.1", "7.1", Optional.empty()), "Acknowledgement");
        assertRoundTrip(
                new ResponseBody.DeviceAlertMessage(
                        0x8F69, new Throttle(Optional.of(4_294_967_295L), Optional.of(7L)), gbcs),
                "DeviceAlertMessage");
        assertRoundTrip(
                new ResponseBody.DccAlertMessage(
                        "N24",
                        Throttle.NONE,
                        DuisElement.of("UpdateHANDeviceLogResult", DuisElement.leaf("RequestID", ID.toString()))),
                "UpdateHANDeviceLogResult");
        assertRoundTrip(
                new ResponseBody.Smets1ResponseMessage(
                        Optional.of("4.1"),
                        Optional.of("4.1.1"),
                        Optional.empty(),
                        Throttle.NONE,
                        DuisElement.of(
                                "SMETS1SignedResponse",
                                new DuisElement(DuisElement.SIGNATURE, "Signature", Map.of(), List.of(), ""))),
                "SMETS1ResponseMessage");
    }

    private void assertRoundTrip(ResponseBody body, String kind) {
        DuisResponse response = new DuisResponse(
                "5.4",
                Optional.of(ID),
                Optional.of(ID.responseId()),
                "I0",
                Instant.parse("2026-11-23T12:00:00.120Z"),
                body);
        DuisResponse read = verifier.verifyResponse(user.signer().sign(DuisWriter.write(response)))
                .document();
        assertThat(read).isEqualTo(response);
        assertThat(read.kind()).isEqualTo(kind);
        assertThat(read.responseId().orElseThrow().requestId()).isEqualTo(ID);
    }

    @Test
    void aSignedPreCommandHasRequestIdServiceAndExecutionTimeOfItsRequest() {
        DuisElement dated = DuisElement.of(
                "UpdatePrepayConfiguration",
                DuisElement.leaf("ExecutionDateTime", "2027-01-01T00:00:00.00Z"),
                DuisElement.leaf("X", "1"));
        DuisRequest critical = new DuisRequest(ID, CommandVariant.CV4, "2.1", "2.1", dated);
        DuisRequest signed = critical.signedPreCommand(CommandVariant.CV5, new byte[] {9, 8});
        DuisRequest read = verifier.verifyRequest(user.signer().sign(DuisWriter.write(signed)))
                .document();
        assertThat(read.requestId()).isEqualTo(ID);
        assertThat(read.variant()).isEqualTo(CommandVariant.CV5);
        assertThat(read.executionDateTime()).contains(Instant.parse("2027-01-01T00:00:00Z"));
        assertThat(read.signedPreCommandPayload()).containsExactly(9, 8);
        assertThatThrownBy(() -> signed.signedPreCommand(CommandVariant.CV5, new byte[1]))
                .isInstanceOf(DuisException.class);
    }

    @Test
    void charactersThatXmlDoesNotPermitAreRefusedWhenWriting() {
        for (String text : List.of("\u0000", "\u0008", "\ud800", "\uffff")) {
            DuisRequest bad =
                    new DuisRequest(ID, CommandVariant.CV1, "3.1", "3.1", DuisElement.leaf("DisplayMessage", text));
            assertThatThrownBy(() -> DuisWriter.write(bad)).isInstanceOf(DuisException.class);
        }
    }

    private void assertRefused(String code, byte[] document) {
        assertThatThrownBy(() -> verifier.verifyRequest(document))
                .isInstanceOfSatisfying(
                        DuisException.class, e -> assertThat(e.fault().code()).isEqualTo(code));
    }

    private static String text(byte[] document) {
        return new String(document, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String document) {
        return document.getBytes(StandardCharsets.UTF_8);
    }
}
