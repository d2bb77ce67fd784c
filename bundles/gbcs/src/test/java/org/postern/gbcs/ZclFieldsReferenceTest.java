package org.postern.gbcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.PosternException;
import org.postern.ecprovider.EcProvider;
import org.postern.testkit.Rtds;

/**
 * Compares every ZCL payload of the reference data, decrypted where necessary, with the table of commands and
 * attributes.
 */
class ZclFieldsReferenceTest {

    private final ZclFields zcl = ZclFields.load();

    @Test
    void everyPayloadConformsToTheTableAndIsEncodedAgainFromItsFields() {
        Rtds rtds = Rtds.required();
        GbcsCodec codec = new GbcsCodec();
        EcProvider ec = EcProvider.fastest();
        GbcsCrypto crypto = new GbcsCrypto(ec);
        List<String> failures = new ArrayList<>();
        int[] read = new int[2];
        try (SharedSecretCache cache = new SharedSecretCache(100)) {
            Decryptor decryptor = new Decryptor(crypto, codec, new KeyFolder(rtds.keystore(), ec, crypto), cache);
            for (Path file : rtds.messages()) {
                GbcsMessage message = codec.decode(Rtds.hex(file));
                if (!(message.payload() instanceof GbzPayload gbz)) {
                    continue;
                }
                DecryptedMessage clear = decryptor.decrypt(message);
                List<GbzPayload.Component> components =
                        gbz instanceof GbzPayload.Components c ? c.components() : ((GbzPayload.Alert) gbz).components();
                for (int i = 0; i < components.size(); i++) {
                    GbzPayload.Component component = components.get(i);
                    Bytes payload = clear.zclPayload(component, i).orElseThrow();
                    try {
                        if (!component.frame().clusterSpecific()
                                && component.frame().command() == 1) {
                            for (ZclFields.Attribute a : zcl.attributes(component.cluster(), payload)) {
                                assertThat(a.name())
                                        .as("attribute %04X", a.id())
                                        .isNotEmpty();
                                read[0]++;
                            }
                        } else {
                            List<ZclFields.Field> fields = zcl.fields(component.cluster(), component.frame(), payload);
                            assertThat(zcl.payload(component.cluster(), component.frame(), fields))
                                    .isEqualTo(payload);
                            read[1]++;
                        }
                    } catch (PosternException | AssertionError e) {
                        failures.add(file.getFileName() + " component " + i + " " + component.frame() + ": "
                                + e.getMessage());
                    }
                }
            }
        }
        assertThat(failures).isEmpty();
        assertThat(read).containsExactly(185, 761);
    }
}
