package org.postern.parsecorrelate.internal.mmc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.gbcs.DecryptedMessage;
import org.postern.gbcs.DlmsPayload;
import org.postern.parsecorrelate.MmcElement;
import org.postern.parsecorrelate.ParsedMessage.ItemResult;

/**
 * Result of each item of a response: MMC MessageSuccess and DebugInfo. ASN.1 has neither items nor debug information.
 */
final class Outcomes {

    private static final int NOT_FOUND = 0x8B;

    private final Tables tables;
    private final List<ItemResult> items = new ArrayList<>();
    private final List<MmcElement> cosem = new ArrayList<>();
    private final Map<Integer, List<MmcElement>> zigbee = new LinkedHashMap<>();
    private final List<String> remarks = new ArrayList<>();
    private boolean failed;
    private boolean notFound;

    Outcomes(Tables tables) {
        this.tables = tables;
    }

    void dlms(DlmsPayload.ResponseItem item) {
        boolean action = item.operation() == DlmsPayload.Operation.ACTION;
        String word = tables.word(action ? "cosem-action-result" : "cosem-result", item.result());
        int position = items.size() + 1;
        items.add(new ItemResult(position, item.operation().name(), item.result(), word == null ? "" : word));
        failed |= !item.success();
        Map<String, String> attributes = MmcElement.attributes(
                "ResponseCode", Integer.toString(item.result()), "Position", Integer.toString(position));
        cosem.add(new MmcElement(
                "COSEMResponse",
                attributes,
                "",
                List.of(MmcElement.text(
                        action ? "ActionResult" : "DataAccessResult",
                        word == null ? "response-code-not-known" : word))));
    }

    void gbz(GbzSource source) {
        for (GbzSource.GbzOutcome o : source.outcomes()) {
            if (o.status() == -1) {
                failed = true;
                remarks.add(String.format("command %02X of cluster %04X could not be read", o.id(), o.cluster()));
                continue;
            }
            String word = tables.word("zcl-status", o.status());
            items.add(new ItemResult(
                    items.size() + 1,
                    o.attribute()
                            ? Digits.attribute(o.cluster(), o.id())
                            : Digits.hex4(o.cluster()) + " command " + Digits.hex2(o.id()),
                    o.status(),
                    word == null ? "" : word));
            failed |= o.status() != 0 && o.status() != NOT_FOUND;
            notFound |= o.status() == NOT_FOUND;
            if (o.data()) {
                continue;
            }
            MmcElement status = new MmcElement(
                    "Status",
                    Map.of("ResponseCode", Digits.hex2(o.status())),
                    "",
                    List.of(MmcElement.text("ZCLStatus", word == null ? "RESPONSE_CODE_NOT_KNOWN" : word)));
            zigbee.computeIfAbsent(o.cluster(), c -> new ArrayList<>())
                    .add(
                            o.attribute()
                                    ? MmcElement.of(
                                            "ZIGBEEDataResponse",
                                            List.of(MmcElement.text("AttributeID", Digits.hex4(o.id())), status))
                                    : MmcElement.of(
                                            "ZIGBEECommandResponse",
                                            List.of(MmcElement.text("CommandID", Digits.hex2(o.id())), status)));
        }
        if (notFound) {
            remarks.add(
                    "the device found nothing for part of the request (status 8B), which does not count as a failure (unverified)");
        }
    }

    List<ItemResult> items() {
        return items;
    }

    List<String> remarks() {
        return remarks;
    }

    /**
     * Success according to the items; empty if a part is still encrypted: an encrypted ZigBee part contains the status
     * itself, and the content of an encrypted DLMS part is not known.
     */
    Optional<Boolean> success(DecryptedMessage plain) {
        if (failed) {
            return Optional.of(false);
        }
        return plain.encrypted() && !plain.allDecrypted() ? Optional.empty() : Optional.of(true);
    }

    Optional<MmcElement> debugInfo() {
        if (!cosem.isEmpty()) {
            return Optional.of(MmcElement.of("DebugInfo", List.of(MmcElement.of("COSEMDebug", cosem))));
        }
        if (zigbee.isEmpty()) {
            return Optional.empty();
        }
        List<MmcElement> clusters = new ArrayList<>();
        zigbee.forEach((cluster, responses) -> {
            List<MmcElement> children = new ArrayList<>();
            String name = tables.word("cluster", cluster);
            children.add(new MmcElement(
                    "ClusterName",
                    Map.of("id", Digits.hex4(cluster)),
                    name == null ? Digits.hex4(cluster) : name,
                    List.of()));
            children.addAll(responses);
            clusters.add(MmcElement.of("ZIGBEEClusterResponse", children));
        });
        return Optional.of(MmcElement.of("DebugInfo", List.of(MmcElement.of("ZIGBEEDebug", clusters))));
    }
}
