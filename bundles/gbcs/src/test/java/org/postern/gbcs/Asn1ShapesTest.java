package org.postern.gbcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postern.testkit.Rtds;

class Asn1ShapesTest {

    private final Asn1Shapes shapes = Asn1Shapes.load();
    private final UseCaseTable table = UseCaseTable.load();

    private String shape(GbcsMessage m) {
        return table.find(m.header().messageCode())
                .orElseThrow()
                .asn1()
                .get(m.kind() == MessageKind.PRECOMMAND ? MessageKind.COMMAND : m.kind());
    }

    @Test
    void everyShapeThatAUseCaseNamesExists() {
        assertThat(table.all())
                .flatExtracting(u -> u.asn1().values())
                .isNotEmpty()
                .allMatch(shapes.names()::contains);
    }

    @Test
    void everyReferenceMessageHasTheShapeOfItsCode() {
        Rtds rtds = Rtds.required();
        GbcsCodec codec = new GbcsCodec();
        List<String> failures = new ArrayList<>();
        int matched = 0;
        for (Path file : rtds.messages()) {
            GbcsMessage m = codec.decode(Rtds.hex(file));
            if (m.payload() instanceof Asn1Payload a) {
                if (shapes.match(shape(m), a.root()).isPresent()) {
                    matched++;
                } else {
                    failures.add(file.getFileName() + " is no " + shape(m));
                }
            }
        }
        assertThat(failures).isEmpty();
        assertThat(matched).isEqualTo(123);
    }

    @Test
    void givesEveryValueItsPath() {
        GbcsMessage m = TestVectors.message("asn1-response-cs02b-wide");
        List<Asn1Shapes.Field> fields =
                shapes.match(shape(m), ((Asn1Payload) m.payload()).root()).orElseThrow();
        assertThat(fields)
                .extracting(Asn1Shapes.Field::path)
                .contains(
                        "change.counter",
                        "change.mode",
                        "change.floors.floor[1].floor",
                        "change.replacements.replacement[2].cell.usage",
                        "change.replacements.replacement[2].newSki");
        assertThat(fields)
                .filteredOn(f -> f.path().equals("change.mode"))
                .singleElement()
                .satisfies(f -> assertThat(f.node().asLong()).isEqualTo(2));
    }

    @Test
    void anotherShapeDoesNotMatch() {
        DerNode root =
                ((Asn1Payload) TestVectors.message("asn1-precommand-cs06").payload()).root();
        assertThat(shapes.match("ActivateFirmware", root)).isPresent();
        assertThat(shapes.match("KeyUsage", root)).isEmpty();
        assertThat(shapes.match("Join", root)).isEmpty();
        assertThat(shapes.match("NoSuchShape", root)).isEmpty();
    }
}
