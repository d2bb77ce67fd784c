package org.postern.duis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.testkit.Rtds;

class DuisReaderTest {

    private static final String HEADER = "<sr:Header><sr:RequestID>90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-A0:1000"
            + "</sr:RequestID><sr:CommandVariant>4</sr:CommandVariant><sr:ServiceReference>7.1</sr:ServiceReference>"
            + "<sr:ServiceReferenceVariant>7.1</sr:ServiceReferenceVariant></sr:Header>";
    private static final String ROOT = "<sr:Request xmlns:sr=\"" + DuisElement.DUIS + "\" schemaVersion=\"5.4\">";
    private static final String BODY = "<sr:Body><sr:EnableSupply/></sr:Body>";

    private final DuisReader reader = new DuisReader(DuisLimits.DEFAULT);

    // every reference request belongs to the service in the catalogue with the same variant, reference and body element
    @Test
    void readsEveryReferenceRequestAsAServiceOfTheCatalogue() throws IOException {
        ServiceCatalogue catalogue = new ServiceCatalogue();
        int read = 0;
        for (Path file : Rtds.required().requests()) {
            DuisRequest request = reader.readRequest(Files.readAllBytes(file));
            var row = catalogue.require(request.serviceReferenceVariant());
            assertThat(request.serviceReference())
                    .as(file.getFileName().toString())
                    .isEqualTo(row.reference());
            assertThat(request.body().name()).as(file.getFileName().toString()).isEqualTo(row.bodyElement());
            assertThat(row.variants()).as(file.getFileName().toString()).contains(request.variant());
            read++;
        }
        assertThat(read).isGreaterThan(200);
    }

    @Test
    void readsHeaderAndBody() {
        DuisRequest request = reader.readRequest(xml(ROOT + HEADER + BODY + "</sr:Request>"));
        assertThat(request.requestId()).hasToString("90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-A0:1000");
        assertThat(request.variant()).isEqualTo(CommandVariant.CV4);
        assertThat(request.body()).isEqualTo(DuisElement.of("EnableSupply"));
        assertThat(request.schemaVersion()).isEqualTo("5.4");
    }

    // a comment within a value must not truncate the value
    @Test
    void aCommentDoesNotSplitAValue() {
        String split = HEADER.replace("78-90-A0:1000", "78-90-A0:1<!-- x -->000");
        assertThat(reader.readRequest(xml(ROOT + split + BODY + "</sr:Request>"))
                        .requestId()
                        .counter())
                .isEqualTo(1000);
    }

    @Test
    void namesTheElementThatIsMissingOrMisplaced() {
        assertRefused(
                "PST-1016",
                "Header/CommandVariant",
                ROOT + HEADER.replace("<sr:CommandVariant>4</sr:CommandVariant>", "") + BODY + "</sr:Request>");
        assertRefused("PST-1016", "Request/Body", ROOT + HEADER + "</sr:Request>");
        assertRefused("PST-1016", "Body", ROOT + HEADER + "<sr:Body/></sr:Request>");
        assertRefused(
                "PST-1017",
                "Body/EnableSupply",
                ROOT + HEADER + BODY.replace("<sr:En", "<sr:EnableSupply/><sr:En") + "</sr:Request>");
        assertRefused(
                "PST-1018", "Request/@schemaVersion", ROOT.replace("5.4", "new") + HEADER + BODY + "</sr:Request>");
        assertRefused("PST-1019", "RequestID", ROOT + HEADER.replace(":1000", ":01") + BODY + "</sr:Request>");
        assertRefused(
                "PST-1002", "Header/CommandVariant", ROOT + HEADER.replace(">4<", ">9<") + BODY + "</sr:Request>");
        assertRefused("PST-1014", "Request/Body", ROOT + HEADER + BODY.replace("<sr:En", "x<sr:En") + "</sr:Request>");
        assertRefused("PST-1015", "document", "<Request/>");
        assertRefused(
                "PST-1015", "Body/EnableSupply", ROOT + HEADER + "<sr:Body><EnableSupply/></sr:Body></sr:Request>");
    }

    @Test
    void refusesDocumentTypesAndEntities() {
        String start = "<?xml version=\"1.0\"?>";
        assertRefused(
                "PST-1012",
                "DOCTYPE",
                start + "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>" + ROOT
                        + HEADER
                        + "<sr:Body><sr:EnableSupply>&x;</sr:EnableSupply></sr:Body></sr:Request>");
        StringBuilder laughs = new StringBuilder("<!DOCTYPE r [<!ENTITY a0 \"ha\">");
        for (int i = 1; i < 30; i++) {
            laughs.append("<!ENTITY a")
                    .append(i)
                    .append(" \"")
                    .append(("&a" + (i - 1) + ";").repeat(10))
                    .append("\">");
        }
        assertRefused(
                "PST-1012", "DOCTYPE", start + laughs + "]>" + ROOT + HEADER + "<sr:Body>&a29;</sr:Body></sr:Request>");
        assertRefused(
                "PST-1012",
                "DOCTYPE",
                "<!DOCTYPE r SYSTEM \"http://127.0.0.1:1/x.dtd\">" + ROOT + HEADER + BODY + "</sr:Request>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "not XML",
                "<",
                "<sr:Request",
                "<a><b></a></b>",
                "<a/><b/>",
                "<a x='1' x='2'/>",
                "<p:a/>",
                "<a>&nope;</a>",
                "<a>&#0;</a>",
                "<?xml version='1.1'?><a/>",
                "<?xml version='1.0' encoding='UTF-16'?><a/>",
                "<?xml version='1.0' encoding='ISO-8859-1'?><a/>",
                "<a xmlns:p=''/>",
                "<a><![CDATA[</a>",
                "<a b='<'/>",
                "<a>]]></a>",
                "<?pi x?><a/>",
                "<a xmlns:x='u' xmlns:y='u' x:b='1' y:b='2'/>"
            })
    void refusesWhatIsNotWellFormedOrNotPlainUtf8(String text) {
        assertThatThrownBy(() -> reader.readRequest(xml(text))).isInstanceOf(DuisException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "xmlns:p=''",
                "xmlns:xml='urn:u'",
                "xmlns:xmlns='urn:u'",
                "xmlns:p='http://www.w3.org/XML/1998/namespace'",
                "xmlns:p='http://www.w3.org/2000/xmlns/'",
                "xmlns='http://www.w3.org/XML/1998/namespace'"
            })
    void refusesDeclarationsThatNamespacesInXmlForbids(String declaration) {
        assertCode(
                "PST-1013",
                reader,
                xml(ROOT + HEADER + BODY.replace("<sr:EnableSupply", "<sr:EnableSupply " + declaration)
                        + "</sr:Request>"));
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        byte[] document = xml(ROOT + HEADER + BODY + "</sr:Request>");
        document[document.length - 30] = (byte) 0xC3;
        assertThatThrownBy(() -> reader.readRequest(document)).isInstanceOf(DuisException.class);
    }

    @Test
    void aTruncatedDocumentIsRefusedAtEveryLength() {
        byte[] whole = xml(ROOT + HEADER + BODY + "</sr:Request>");
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> reader.readRequest(part)).isInstanceOf(DuisException.class);
        }
    }

    @Test
    void limitsAreCheckedAtTheirBoundary() {
        String document = ROOT + HEADER + BODY + "</sr:Request>";
        byte[] bytes = xml(document);
        assertThat(new DuisReader(DuisLimits.DEFAULT.withMaxBytes(bytes.length)).readRequest(bytes))
                .isNotNull();
        assertCode("PST-1010", new DuisReader(DuisLimits.DEFAULT.withMaxBytes(bytes.length - 1)), bytes);
        assertThat(new DuisReader(new DuisLimits(1 << 20, 4, 10, 4)).readRequest(bytes))
                .isNotNull();
        assertCode(
                "PST-1011",
                new DuisReader(new DuisLimits(1 << 20, 4, 10, 4)),
                xml(ROOT + HEADER + "<sr:Body><sr:A><sr:B><sr:C/></sr:B></sr:A></sr:Body></sr:Request>"));
        assertCode(
                "PST-1011",
                new DuisReader(new DuisLimits(1 << 20, 9, 10, 4)),
                xml(ROOT + HEADER + "<sr:Body><sr:A>" + "<sr:B/>".repeat(9) + "</sr:A></sr:Body></sr:Request>"));
        assertCode(
                "PST-1011",
                new DuisReader(new DuisLimits(1 << 20, 9, 10, 4)),
                xml(ROOT + HEADER + "<sr:Body><sr:A a='' b='' c='' d='' e=''/></sr:Body></sr:Request>"));
    }

    // 20 MB of each kind of invalid input: a refusal with a fault code, in bounded time and memory
    @Test
    void largeInvalidInputIsRefusedQuickly() {
        byte[] noise = new byte[20_000_000];
        Arrays.fill(noise, (byte) 'x');
        assertSoon("PST-1010", noise);
        assertSoon("PST-1013", Arrays.copyOf(noise, 15_000_000));
        assertSoon("PST-1011", xml("<a>".repeat(4_000_000)));
        assertSoon("PST-1011", xml("<a>" + "<b/>".repeat(3_000_000) + "</a>"));
        StringBuilder attributes = new StringBuilder("<a");
        for (int i = 0; i < 500_000; i++) {
            attributes.append(" a").append(i).append("=''");
        }
        assertThatSoon(xml(attributes.append("/>").toString()));
        StringBuilder names = new StringBuilder("<a>");
        for (int i = 0; i < 150_000; i++) {
            names.append("<n").append(i * 7919L).append("/>");
        }
        assertSoon("PST-1011", xml(names.append("</a>").toString()));
        StringBuilder prefixes = new StringBuilder("<a>");
        for (int i = 0; i < 150_000; i++) {
            prefixes.append("<b xmlns:p").append(i).append("='u").append(i).append("'/>");
        }
        assertSoon("PST-1011", xml(prefixes.append("</a>").toString()));
        assertSoon("PST-1015", xml("<a>" + "x<!---->".repeat(1_500_000) + "</a>"));
        assertSoon("PST-1015", xml("<a>" + "&amp;".repeat(3_000_000) + "</a>"));
        assertSoon("PST-1011", xml("<" + "x".repeat(15_000_000) + "/>"));
        assertSoon("PST-1012", xml("<!DOCTYPE a [" + "<!-- x -->".repeat(1_000_000) + "]><a/>"));
    }

    private void assertSoon(String code, byte[] document) {
        org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10), () -> assertCode(code, reader, document));
    }

    private void assertThatSoon(byte[] document) {
        org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertThatThrownBy(() -> reader.readRequest(document)).isInstanceOf(DuisException.class));
    }

    private void assertRefused(String code, String field, String document) {
        assertThatThrownBy(() -> reader.readRequest(xml(document)))
                .isInstanceOfSatisfying(org.postern.catalogue.PosternException.class, e -> {
                    assertThat(e.fault().code()).isEqualTo(code);
                    assertThat(e.fault().field()).isEqualTo(field);
                });
    }

    private static void assertCode(String code, DuisReader reader, byte[] document) {
        assertThatThrownBy(() -> reader.readRequest(document))
                .isInstanceOfSatisfying(
                        DuisException.class, e -> assertThat(e.fault().code()).isEqualTo(code));
    }

    private static byte[] xml(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    // the readers of Aalto for UTF-16 and UCS-4 fail in close(); DuisReader must not pass on any exception of a library
    @Test
    void bytesInAnyEncodingAreReadOrRefusedWithAFault() {
        String good = ROOT + HEADER + BODY + "</sr:Request>";
        List<byte[]> documents = new ArrayList<>(List.of(
                new byte[] {(byte) 0xFE, (byte) 0xFF, 0, '<'},
                new byte[] {(byte) 0xFF, (byte) 0xFE, '<', 0},
                new byte[] {0, 0, 0, '<'},
                new byte[] {'<', 0, 0, 0},
                new byte[] {0, '<', 0, '?'},
                new byte[] {0x4C, 0x6F, (byte) 0xA7, (byte) 0x94},
                new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}));
        for (String encoding :
                List.of("UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32", "UTF-32BE", "UTF-32LE", "ISO-8859-1", "IBM037")) {
            for (String text : List.of(good, "<?xml version=\"1.0\" encoding=\"" + encoding + "\"?>" + good, "<", "")) {
                byte[] bytes = text.getBytes(Charset.forName(encoding));
                for (int length = 0; length <= bytes.length; length += 1 + length / 8) {
                    documents.add(Arrays.copyOf(bytes, length));
                    byte[] marked = new byte[length + 2];
                    marked[0] = (byte) 0xFE;
                    marked[1] = (byte) 0xFF;
                    System.arraycopy(bytes, 0, marked, 2, length);
                    documents.add(marked);
                }
            }
        }
        Random random = new Random(20261128);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = good.getBytes(StandardCharsets.UTF_8);
            if (i % 2 == 0) {
                bytes = new byte[random.nextInt(64)];
                random.nextBytes(bytes);
            } else {
                for (int changes = random.nextInt(8); changes >= 0; changes--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
            }
            documents.add(bytes);
        }
        int refused = 0;
        for (byte[] document : documents) {
            for (Consumer<byte[]> method :
                    List.<Consumer<byte[]>>of(reader::readRequest, reader::readResponse, reader::readKnown)) {
                try {
                    method.accept(document);
                } catch (org.postern.catalogue.PosternException e) {
                    refused++;
                }
            }
        }
        assertThat(documents.size()).isGreaterThan(10_500);
        assertThat(refused).isGreaterThan(documents.size());
    }
}
