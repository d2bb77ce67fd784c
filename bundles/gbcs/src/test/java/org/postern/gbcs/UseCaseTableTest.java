package org.postern.gbcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.postern.gbcs.UseCaseTable.Protection;
import org.postern.testkit.Rtds;

class UseCaseTableTest {

    private final UseCaseTable table = UseCaseTable.load();

    @Test
    void containsEveryMessageCode() {
        assertThat(table.all()).hasSize(240);
        assertThat(table.find(0x0027)).hasValueSatisfying(u -> {
            assertThat(u.name()).isEqualTo("ECS17b");
            assertThat(u.services()).containsExactly("4.1.1");
            assertThat(u.dlms(MessageKind.RESPONSE))
                    .singleElement()
                    .satisfies(i -> assertThat(i.plain()).hasSize(2));
        });
    }

    // the exceptions
    @Test
    void knowsTheProtectionsThatDoNotFollowTheMessageType() {
        assertThat(table.protection(0x0104, MessageKind.COMMAND)).isEqualTo(Set.of(Protection.MAC));
        assertThat(table.protection(0x0104, MessageKind.RESPONSE)).isEqualTo(Set.of(Protection.SIGNATURE));
        assertThat(table.protection(0x0108, MessageKind.COMMAND)).isEqualTo(Set.of(Protection.SIGNATURE));
        assertThat(table.protection(0x0109, MessageKind.COMMAND)).isEqualTo(Set.of(Protection.SIGNATURE));
        assertThat(table.protection(0x0008, MessageKind.COMMAND))
                .isEqualTo(Set.of(Protection.MAC, Protection.SIGNATURE));
        assertThat(table.protection(0x011B, MessageKind.RESPONSE))
                .isEqualTo(Set.of(Protection.MAC, Protection.SIGNATURE));
        assertThat(table.protection(0x0128, MessageKind.ALERT)).isEqualTo(Set.of(Protection.SIGNATURE));
        assertThat(table.protection(0x012B, MessageKind.ALERT)).isEqualTo(Set.of(Protection.SIGNATURE));
        assertThat(table.protection(0x0007, MessageKind.COMMAND)).isEqualTo(Set.of(Protection.MAC));
    }

    // critical messages are signed, others have a MAC; CS02a, CS02f, CS02b and the alerts 0128 and 012B are listed
    // individually
    @Test
    void protectionFollowsTheMessageType() {
        assertThat(table.all())
                .filteredOn(u -> u.messageType().equals("SME.C.C"))
                .hasSizeGreaterThan(40)
                .allSatisfy(u -> {
                    assertThat(u.protections().get(MessageKind.COMMAND))
                            .isEqualTo(Set.of(Protection.MAC_AND_SIGNATURE));
                    assertThat(u.protections().get(MessageKind.RESPONSE)).isEqualTo(Set.of(Protection.SIGNATURE));
                });
        assertThat(table.all())
                .filteredOn(u -> u.messageType().equals("SME.C.NC"))
                .hasSizeGreaterThan(90)
                .allSatisfy(u -> {
                    assertThat(u.protections().get(MessageKind.COMMAND)).isEqualTo(Set.of(Protection.MAC));
                    assertThat(u.protections().get(MessageKind.RESPONSE)).isEqualTo(Set.of(Protection.MAC));
                });
        assertThat(table.all())
                .filteredOn(u -> u.messageType().equals("SME.A.C"))
                .isNotEmpty()
                .allSatisfy(u -> assertThat(u.protections())
                        .isEqualTo(java.util.Map.of(MessageKind.ALERT, Set.of(Protection.SIGNATURE))));
        assertThat(table.all())
                .filteredOn(u -> u.messageType().equals("SME.A.NC"))
                .isNotEmpty()
                .allSatisfy(u -> assertThat(u.protections())
                        .isEqualTo(java.util.Map.of(MessageKind.ALERT, Set.of(Protection.MAC))));
    }

    @Test
    void exactlyElevenAlertsHaveOnlyAMac() {
        assertThat(table.all().stream()
                        .filter(u -> u.protections()
                                .getOrDefault(MessageKind.ALERT, Set.of())
                                .contains(Protection.MAC))
                        .map(UseCaseTable.UseCase::codeHex))
                .containsExactly(
                        "0018", "00B2", "00F0", "00F2", "0110", "0111", "0112", "0113", "0114", "0115", "1001");
    }

    @Test
    void everyUseCaseDefinesTheContentOfItsMessages() {
        List<String> empty = new ArrayList<>();
        for (UseCaseTable.UseCase u : table.all()) {
            for (MessageKind kind : List.of(MessageKind.COMMAND, MessageKind.RESPONSE)) {
                if (u.protections().containsKey(kind)
                        && u.dlms(kind).isEmpty()
                        && u.gbz(kind).isEmpty()
                        && !u.asn1().containsKey(kind)) {
                    empty.add(u.codeHex() + " " + kind);
                }
            }
        }
        assertThat(empty).isEmpty();
    }

    /**
     * Compares the tables with the reference messages: family, number, operation, object and attribute of every item.
     */
    @Test
    void theItemsAreThoseOfTheReferenceMessages() {
        Rtds rtds = Rtds.required();
        GbcsCodec codec = new GbcsCodec();
        List<String> failures = new ArrayList<>();
        for (Path file : rtds.messages()) {
            GbcsMessage m = codec.decode(Rtds.hex(file));
            UseCaseTable.UseCase u = table.find(m.header().messageCode()).orElseThrow();
            if (!u.families().contains(m.payload().family())) {
                failures.add(file.getFileName() + ": family " + m.payload().family());
            }
            if (m.payload() instanceof DlmsPayload.AccessRequest r) {
                boolean found = u.dlms().stream()
                        .filter(i -> i.direction() == MessageKind.COMMAND && i.position() == 0)
                        .anyMatch(first -> matches(u, first, r));
                if (!found) {
                    failures.add(file.getFileName() + ": other items");
                }
            }
            if (m.payload() instanceof GbzPayload.Components c && m.kind() != MessageKind.RESPONSE) {
                int[] next = {0};
                boolean fits = u.gbz(MessageKind.COMMAND).stream().allMatch(i -> {
                    int times = 0;
                    while (next[0] < c.components().size()
                            && times < i.maxOccurs()
                            && is(c.components().get(next[0]), i)) {
                        next[0]++;
                        times++;
                    }
                    return times >= i.minOccurs();
                });
                if (!fits || next[0] != c.components().size()) {
                    failures.add(file.getFileName() + ": other components from " + next[0]);
                }
            }
        }
        assertThat(failures).isEmpty();
    }

    private static boolean matches(UseCaseTable.UseCase u, UseCaseTable.DlmsItem first, DlmsPayload.AccessRequest r) {
        List<UseCaseTable.DlmsItem> items = u.dlms().stream()
                .filter(i -> i.direction() == MessageKind.COMMAND
                        && i.variant().equals(first.variant())
                        && i.listLength() == first.listLength())
                .toList();
        if (items.size() != r.items().size()) {
            return false;
        }
        for (int i = 0; i < items.size(); i++) {
            DlmsPayload.Target tabled = items.get(i).target().orElseThrow();
            DlmsPayload.Target found = r.items().get(i).target();
            // the object of these three depends on the switch, and on whether it is switched on or off
            boolean chosen = Set.of(0x0055, 0x011E, 0x011F).contains(u.code());
            if (tabled.classId() != found.classId()
                    || tabled.index() != found.index()
                    || !chosen && !tabled.equals(found)
                    || items.get(i).operation().orElseThrow()
                            != r.items().get(i).operation()
                    || items.get(i).selective() != r.items().get(i).selection().isPresent()) {
                return false;
            }
        }
        return true;
    }

    private static boolean is(GbzPayload.Component c, UseCaseTable.GbzItem i) {
        return c.cluster() == i.cluster()
                && c.frame().control() == i.frame()
                && c.frame().command() == i.command();
    }

    @Test
    void everyComponentIsACommandOfTheZclTable() {
        ZclFields zcl = ZclFields.load();
        int items = 0;
        for (UseCaseTable.UseCase u : table.all()) {
            items += u.gbz().size();
            for (UseCaseTable.GbzItem i : u.gbz()) {
                assertThat(zcl.command(i.cluster(), i.zclFrame(0)))
                        .as("%s %s", u.name(), i)
                        .hasValueSatisfying(c -> assertThat(c.fieldNames())
                                .containsAll(i.fixed().stream()
                                        .map(f -> f.substring(0, f.indexOf('=')))
                                        .toList()));
                i.attributes()
                        .forEach(a -> assertThat(zcl.attributeName(i.cluster(), a))
                                .as("%s %04X", u.name(), a)
                                .isPresent());
            }
        }
        assertThat(items).isGreaterThan(50);
    }
}
