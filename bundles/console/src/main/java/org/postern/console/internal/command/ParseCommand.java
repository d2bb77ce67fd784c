package org.postern.console.internal.command;

import static org.postern.console.internal.CommandOutput.row;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.catalogue.PosternException;
import org.postern.console.internal.CommandOutput;
import org.postern.console.internal.ConsoleFault;
import org.postern.console.internal.ConsoleFiles;
import org.postern.console.internal.Json;
import org.postern.console.internal.PosternCommand;
import org.postern.console.internal.Services;
import org.postern.parsecorrelate.GbcsParser;
import org.postern.parsecorrelate.MmcElement;
import org.postern.parsecorrelate.ParsedMessage;

/** {@code gbcs:parse}: reads one GBCS message given as hex, base64, or a file of either or of raw bytes. */
@Service
@Command(
        scope = "gbcs",
        name = "parse",
        description = "Parse a GBCS message: its sender, whether its MAC or signature is right, and its content")
public final class ParseCommand extends PosternCommand {

    private static final int LIMIT = 1 << 20;
    private static final int MAX_NAME_LENGTH = 4096;

    @Argument(
            name = "MESSAGE",
            description = "Hex or base64 of the message, or a file in the import folder",
            required = true)
    @Completion(ImportFileCompleter.class)
    String message;

    @Option(
            name = "--service",
            description = "Service Reference Variant that it answers, where several share a message code")
    @Completion(VariantCompleter.class)
    String service;

    @Override
    protected void run(Services here, CommandOutput output) throws Exception {
        ParsedMessage parsed = here.need(GbcsParser.class)
                .parse(bytes(here.find(ConsoleFiles.class), message), Optional.ofNullable(service));
        Map<String, Object> summary =
                row("status", parsed.status(), "useCase", parsed.useCase(), "services", parsed.services());
        parsed.message()
                .map(m -> m.header())
                .ifPresent(h -> summary.putAll(row(
                        "originator",
                        h.originator().dashed(),
                        "target",
                        h.target().dashed(),
                        "counter",
                        Long.toUnsignedString(h.counter()))));
        summary.putAll(row(
                "mac",
                parsed.mac().verdict() + suffix(parsed.mac().reason()),
                "signature",
                parsed.signature().verdict() + suffix(parsed.signature().reason()),
                "proven",
                parsed.proven(),
                "success",
                parsed.success(),
                "reason",
                parsed.reason(),
                "fault",
                parsed.fault(),
                "remarks",
                parsed.remarks()));
        output.part("message", summary);
        output.part(
                "items",
                List.of("position", "subject", "code", "name"),
                parsed.items().stream()
                        .map(i -> row(
                                "position", i.position(), "subject", i.subject(), "code", i.code(), "name", i.name()))
                        .toList(),
                "none");
        parsed.mmc().ifPresent(mmc -> {
            output.part("readings", List.of("what", "value"), readings(mmc.root()), "none");
            output.part("mmc", row("document", new Json.Raw(mmc.json())));
            output.remark("");
            output.remark(new String(mmc.xml(), StandardCharsets.UTF_8));
        });
        output.end();
        if (parsed.fault().isPresent()) {
            throw new PosternException(parsed.fault().get());
        }
    }

    /**
     * The values in the body of an MMC document, each with the path of names that leads to it; repeated elements are
     * numbered.
     */
    static List<Map<String, Object>> readings(MmcElement root) {
        List<Map<String, Object>> rows = new ArrayList<>();
        root.child("Body")
                .ifPresent(body ->
                        body.children().forEach(kind -> kind.children().forEach(part -> collect(part, "", rows))));
        return rows;
    }

    private static void collect(MmcElement element, String path, List<Map<String, Object>> rows) {
        element.attributes().forEach((name, value) -> rows.add(row("what", path + "@" + name, "value", value)));
        if (element.children().isEmpty() && !element.text().isEmpty()) {
            rows.add(row("what", path.isEmpty() ? element.name() : path, "value", element.text()));
        }
        Map<String, Integer> seen = new HashMap<>();
        for (MmcElement child : element.children()) {
            long alike = element.children().stream()
                    .filter(c -> c.name().equals(child.name()))
                    .count();
            String name =
                    alike == 1 ? child.name() : child.name() + "[" + seen.merge(child.name(), 1, Integer::sum) + "]";
            collect(child, path.isEmpty() ? name : path + "/" + name, rows);
        }
    }

    private static String suffix(String reason) {
        return reason.isEmpty() ? "" : ": " + reason;
    }

    static byte[] bytes(Optional<ConsoleFiles> files, String given) {
        byte[] raw =
                files.flatMap(folder -> file(folder, given)).orElseGet(() -> given.getBytes(StandardCharsets.UTF_8));
        // a raw message begins with DD or DF, which is neither hex nor base64 in ASCII
        if (raw.length > 0 && raw[0] < 0) {
            return raw;
        }
        String text = new String(raw, StandardCharsets.US_ASCII).replaceAll("\\s", "");
        if (text.length() % 2 == 0 && text.matches("[0-9A-Fa-f]+")) {
            return HexFormat.of().parseHex(text);
        }
        try {
            if (!text.isEmpty() && text.length() % 4 == 0) {
                return Base64.getDecoder().decode(text);
            }
        } catch (IllegalArgumentException e) {
            throw bad("it is neither, and there is no such file of at most " + LIMIT + " bytes in the import folder");
        }
        throw bad("it is neither, and there is no such file of at most " + LIMIT + " bytes in the import folder");
    }

    /** The content of the file of that name; empty where there is none, since most messages are given directly. */
    private static Optional<byte[]> file(ConsoleFiles files, String given) {
        try {
            return given.length() < MAX_NAME_LENGTH ? Optional.of(files.read(given, LIMIT)) : Optional.empty();
        } catch (PosternException e) {
            return Optional.empty();
        }
    }

    private static PosternException bad(String cause) {
        return new PosternException(ConsoleFault.ARGUMENT.fault(
                "MESSAGE", "hex, base64, or a file of either", cause, "give the message's bytes"));
    }
}
