package org.postern.parsecorrelate;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.postern.catalogue.Eui64;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.SharedSecretCache;
import org.postern.testkit.Rtds;

/** The reference messages, a parser that holds their keys, and the official schema. */
final class Corpus {

    static final Eui64 ACB = Eui64.parse("90B3D51F30000002");

    private final Rtds rtds;
    private final GbcsParser parser;
    private final Schema schema;
    private final Map<String, Path> byName = new HashMap<>();

    Corpus() throws Exception {
        rtds = Rtds.required();
        EcProvider ec = EcProvider.fastest();
        parser = GbcsParser.over(
                new KeyFolder(rtds.keystore(), ec, new GbcsCrypto(ec)), ec, new SharedSecretCache(256), ACB);
        SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        schema = factory.newSchema(rtds.mmcSchema().toFile());
    }

    GbcsParser parser() {
        return parser;
    }

    List<Path> messages() {
        return rtds.messages();
    }

    Path message(String name) {
        if (byName.isEmpty()) {
            messages().forEach(f -> byName.put(f.getFileName().toString(), f));
        }
        return Optional.ofNullable(byName.get(name)).orElseThrow(() -> new IllegalArgumentException(name));
    }

    ParsedMessage parse(Path file) {
        return parser.parse(Rtds.hex(file));
    }

    ParsedMessage parse(String name) {
        return parse(message(name));
    }

    /** The error with which the official schema refuses the document; empty if it accepts it. */
    Optional<String> refusal(MmcDocument document) {
        try {
            schema.newValidator()
                    .validate(new StreamSource(new StringReader(new String(document.xml(), StandardCharsets.UTF_8))));
            return Optional.empty();
        } catch (org.xml.sax.SAXException e) {
            return Optional.of(e.getMessage());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
