package org.postern.console.internal.command;

import static org.postern.console.internal.Screen.row;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Fault;
import org.postern.catalogue.PosternException;
import org.postern.console.internal.PosternCommand;
import org.postern.console.internal.Screen;
import org.postern.console.internal.Services;
import org.postern.inventory.DeviceFacts;
import org.postern.ledger.Evidence;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestDocuments;
import org.postern.ledger.RequestRecord;
import org.postern.parsecorrelate.Correlation;
import org.postern.parsecorrelate.Recheck;

/**
 * {@code gbcs:recheck ID}: repeats a correlation from the ledger's evidence alone and compares it with the verdict of the
 * day. Signs nothing: it works without the mint of proofs.
 */
@Service
@Command(scope = "gbcs", name = "recheck", description = "Repeat the correlation of a critical request from the stored evidence")
public final class RecheckCommand extends PosternCommand {

    @Argument(name = "ID", description = "Durable id or RequestID", required = true)
    @Completion(RequestIdCompleter.class)
    String id;

    @Option(name = "--tolerance", description = "How far the DCC's build time may be from the exchange, in seconds")
    int toleranceSeconds = 600;

    @Override
    protected void run(Services here, Screen screen) {
        Ledger ledger = here.need(Ledger.class);
        RequestRecord request = ledger.find(id).or(() -> ledger.findByRequestId(id.toUpperCase(Locale.ROOT)))
                .orElseThrow(() -> fault("a request of the ledger", "no such request"));
        Evidence evidence = ledger.evidence(request.id()).orElseThrow(() -> fault("a request that was correlated", "there is no evidence of it"));
        RequestDocuments documents = ledger.documents(request.id()).orElseThrow(() -> fault("a request with documents", "they are gone"));
        byte[] document = documents.document().orElseThrow(() -> fault("a request with documents", "our own is gone"));
        byte[] preCommand = documents.preCommand().orElseThrow(() -> fault("a request with documents", "the Pre-Command is gone"));
        Correlation again = new Recheck(Duration.ofSeconds(toleranceSeconds)).recheck(document, preCommand, facts(evidence.deviceFacts()),
                evidence.exchangedAt());
        List<Map<String, Object>> differences = again.fold(same -> List.of(), different -> different.differences().stream()
                .map(d -> row("path", d.path(), "expected", d.expected(), "got", d.got(), "rule", d.rule())).toList());
        String verdict = differences.isEmpty() ? "identical" : "different";
        List<String> broken = new ArrayList<>();
        if (!sha256(document).equals(evidence.requestSha256())) {
            broken.add("our document is not the one that was compared");
        }
        if (!sha256(preCommand).equals(evidence.preCommandSha256())) {
            broken.add("the Pre-Command is not the one that was compared");
        }
        if (!verdict.equals(evidence.verdict())) {
            broken.add("the verdict of the day was " + evidence.verdict());
        }
        screen.part("recheck", row("id", request.id(), "requestId", request.requestId(), "verdict", verdict, "verdictOfTheDay", evidence.verdict(),
                "rulesOfTheDay", evidence.ruleVersion(), "rulesNow", again.ruleVersion(), "exchangedAt", evidence.exchangedAt(), "signed",
                evidence.signature().isPresent() ? "yes" : "no", "agrees", broken.isEmpty(), "remarks", broken));
        screen.part("differences", List.of("path", "expected", "got", "rule"), differences, "none");
        screen.end();
        if (!broken.isEmpty()) {
            throw new PosternException(new Fault("PST-7093", request.id(), "evidence gives the verdict of the day again", String.join("; ", broken),
                    "compare the rule versions; if they are the same, tell the security officer"));
        }
    }

    /** The facts as the life cycle writes them: deviceId, deviceType, variant, attributes. */
    static DeviceFacts facts(String json) {
        Map<String, String> members = new HashMap<>();
        Map<String, String> attributes = new HashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            int depth = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    depth++;
                } else if (token == JsonToken.END_OBJECT) {
                    depth--;
                } else if (token.isScalarValue()) {
                    (depth > 1 ? attributes : members).put(parser.currentName(), parser.getText());
                }
            }
            String type = members.getOrDefault("deviceType", "");
            return new DeviceFacts(Eui64.parse(members.get("deviceId")), type.isEmpty() ? Optional.empty() : Optional.of(DeviceType.valueOf(type)),
                    DeviceFacts.Variant.valueOf(members.getOrDefault("variant", "SINGLE")), attributes);
        } catch (IOException | IllegalArgumentException e) {
            throw new PosternException(new Fault("PST-7093", "deviceFacts", "the evidence has readable device facts", "it has not",
                    "the ledger was written by another version, or changed"), e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static PosternException fault(String rule, String cause) {
        return new PosternException(new Fault("PST-7092", "ID", rule, cause, "see dcc:requests for ids, and dcc:show for what is there"));
    }
}
