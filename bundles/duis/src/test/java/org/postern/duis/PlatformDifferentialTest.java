package org.postern.duis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.duis.internal.RequestMapping;
import org.postern.testkit.Rtds;
import org.postern.testkit.XmlSignature;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Compares {@link DuisVerifier} with the validator of the JDK on thousands of changed documents. The JDK accepts every
 * document that DuisVerifier accepts, with the same tree. A document that only the JDK accepts is refused because of
 * its form, never as changed or forged.
 */
class PlatformDifferentialTest {

    private static final long SEED = Long.getLong("postern.seed", 20261129L);
    private static final int MUTANTS = Integer.getInteger("postern.mutants", 2400);
    private static final String ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
    private static final RequestId ID = RequestId.parse("90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-A0:1000");
    /** Codes for changed content and a wrong signature, which cannot apply to a document that the JDK accepts. */
    private static final Set<String> CHANGED_OR_FORGED = Set.of("PST-1025", "PST-1026");

    private final Signatory user = Signatory.named("user", 1_234_567_890L);
    private final DuisVerifier verifier =
            new DuisVerifier(DuisLimits.DEFAULT, SignerDirectory.of(List.of(user.certificate())), Signatory.EC);
    private final Map<String, Integer> outcomes = new TreeMap<>();
    /** Documents that only DuisVerifier accepted. */
    private final List<String> alone = new ArrayList<>();

    @Test
    void noChangedDocumentIsAcceptedByOneOnlyAndBothReadTheSameTree() throws Exception {
        System.out.println("seed " + SEED);
        DocumentMutations mutations = new DocumentMutations(SEED);
        List<byte[]> documents = documents();
        for (int i = 0; i < MUTANTS; i++) {
            compare(mutations.change(documents.get(i % documents.size()), 3));
        }
        System.out.println("changed after it was signed: " + outcomes);
        assertThat(alone).as("accepted by DuisVerifier only").isEmpty();
        assertThat(outcomes.get("both accept")).isGreaterThan(MUTANTS / 10);
        assertThat(outcomes.get("both refuse")).isGreaterThan(MUTANTS / 10);
    }

    // changed before signing: for any form of the document, the canonical form is that of the JDK
    @Test
    void bothAcceptDocumentsOfAnyFormThatTheJdkSigned() throws Exception {
        DocumentMutations mutations = new DocumentMutations(SEED);
        List<byte[]> documents = documents();
        for (int i = 0; i < MUTANTS / 3; i++) {
            byte[] signed;
            try {
                signed = user.signWithJdk(mutations.change(documents.get(i % documents.size()), 2), ECDSA_SHA256);
            } catch (Exception notADocument) {
                outcomes.merge("no document", 1, Integer::sum);
                continue;
            }
            compare(signed);
        }
        System.out.println("changed before it was signed: " + outcomes);
        assertThat(alone).as("accepted by DuisVerifier only").isEmpty();
        assertThat(outcomes.get("both accept")).isGreaterThan(MUTANTS / 10);
    }

    private void compare(byte[] document) throws Exception {
        boolean platform;
        try {
            platform = user.acceptedByJdk(XmlSignature.dom(document, true));
        } catch (Exception notADocument) {
            platform = false;
        }
        String text = new String(document, StandardCharsets.UTF_8);
        DuisRequest ours;
        try {
            ours = verifier.verifyRequest(document).document();
        } catch (PosternException e) {
            assertThat(platform && CHANGED_OR_FORGED.contains(e.fault().code()))
                    .as("%s of what the platform accepts: %s", e.fault().code(), text)
                    .isFalse();
            outcomes.merge(
                    platform ? "only DuisVerifier refuses, " + e.fault().code() : "both refuse", 1, Integer::sum);
            return;
        }
        if (!platform) {
            alone.add(text);
            return;
        }
        assertThat(ours)
                .as(text)
                .isEqualTo(RequestMapping.request(
                        tree(XmlSignature.dom(document, true).getDocumentElement())));
        outcomes.merge("both accept", 1, Integer::sum);
    }

    private List<byte[]> documents() throws Exception {
        List<byte[]> documents = new ArrayList<>();
        DuisElement body = DuisElement.of(
                "Update",
                DuisElement.leaf("A", "1").with("index", "2"),
                DuisElement.of("B"),
                DuisElement.of("C", DuisElement.leaf("D", "two words"), DuisElement.leaf("D", "")));
        documents.add(
                user.signer().sign(DuisWriter.write(new DuisRequest(ID, CommandVariant.CV1, "3.1", "3.1", body))));
        documents.add(user.signer()
                .sign(DuisWriter.write(
                        new DuisRequest(ID, CommandVariant.CV4, "7.1", "7.1", DuisElement.of("EnableSupply")))));
        documents.add(user.signWithJdk(documents.get(0), ECDSA_SHA256));
        documents.add(user.signWithJdk(
                ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sr:Request xmlns:ds=\"" + DuisElement.SIGNATURE
                                + "\" xmlns:sr=\"" + DuisElement.DUIS
                                + "\" xmlns:xsi=\"urn:xsi\" schemaVersion=\"5.4\">\n  <sr:Header>\n    <sr:RequestID>"
                                + ID
                                + "</sr:RequestID>\n    <sr:CommandVariant>1</sr:CommandVariant>\n    <sr:ServiceReference>3.1</sr:ServiceReference>\n"
                                + "    <sr:ServiceReferenceVariant>3.1</sr:ServiceReferenceVariant>\n  </sr:Header>\n  <sr:Body>\n    <sr:Read>\n"
                                + "      <sr:Empty/>\n    </sr:Read>\n  </sr:Body>\n</sr:Request>")
                        .getBytes(StandardCharsets.UTF_8),
                ECDSA_SHA256));
        if (Rtds.present()) {
            List<Path> given = Rtds.required().requests();
            for (int i = 0; i < given.size(); i += 40) {
                documents.add(user.signWithJdk(Files.readAllBytes(given.get(i)), ECDSA_SHA256));
            }
        }
        return documents;
    }

    /** The tree of the JDK without signatures. */
    private static DuisElement tree(Element element) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < element.getAttributes().getLength(); i++) {
            Attr attribute = (Attr) element.getAttributes().item(i);
            if (attribute.getNamespaceURI() == null) {
                attributes.put(attribute.getLocalName(), attribute.getValue());
            }
        }
        List<DuisElement> children = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        boolean signed = false;
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element child) {
                boolean signature = DuisElement.SIGNATURE.equals(child.getNamespaceURI())
                        && child.getLocalName().equals("Signature")
                        && element == element.getOwnerDocument().getDocumentElement();
                signed |= signature;
                if (!signature) {
                    children.add(tree(child));
                }
            } else if (node.getNodeType() == Node.TEXT_NODE) {
                text.append(node.getNodeValue());
            }
        }
        return new DuisElement(
                Optional.ofNullable(element.getNamespaceURI()).orElse(""),
                element.getLocalName(),
                attributes,
                children,
                children.isEmpty() && !signed ? text.toString() : "");
    }
}
