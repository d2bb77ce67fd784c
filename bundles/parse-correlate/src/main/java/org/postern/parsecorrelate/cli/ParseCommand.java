package org.postern.parsecorrelate.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.DecryptedMessage;
import org.postern.gbcs.Deviation;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.KeyUse;
import org.postern.gbcs.PartyKeys;
import org.postern.gbcs.SharedSecretCache;
import org.postern.gbcs.UseCaseTable;
import org.postern.parsecorrelate.GbcsParser;
import org.postern.parsecorrelate.ParseCorrelateFault;
import org.postern.parsecorrelate.ParsedMessage;
import org.postern.parsecorrelate.internal.parse.DecodedTree;
import org.postern.parsecorrelate.internal.parse.JsonValues;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code pac parse}: prints one JSON line for each file on standard output. Writes MMC and trees to a folder, or, for a
 * single file, to standard error.
 */
@Command(name = "parse", description = "Decodes, authenticates and decrypts GBCS messages and maps them to MMC.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ParseCommand implements Callable<Integer> {

    @Option(
            names = "--keys",
            paramLabel = "DIR",
            description = "certificates and keys: EUI-ds.pem, EUI-ka.pem, EUI-ka.key, EUI-pp-ka.key")
    private @Nullable Path keys;

    @Option(
            names = "--acb",
            paramLabel = "EUI",
            defaultValue = "90B3D51F30000002",
            description = "Access Control Broker, whose key makes the MACs of commands (default ${DEFAULT-VALUE})")
    private String acb;

    @Option(names = "--out", paramLabel = "DIR", description = "output folder for FILE.xml (MMC) and FILE.json (tree)")
    private @Nullable Path out;

    @Option(names = "--tree", description = "write the decoded tree as well")
    private boolean tree;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "GBCS messages in hex or base64")
    private List<String> files;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (keys != null && !Files.isDirectory(keys)) {
            throw new CommandLine.ParameterException(spec.commandLine(), "no folder of keys: " + keys);
        }
        Eui64 acbId;
        try {
            acbId = Eui64.parse(acb);
        } catch (PosternException e) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--acb: " + e.fault().rule());
        }
        if (out != null) {
            try {
                Files.createDirectories(out);
            } catch (IOException e) {
                throw new CommandLine.ParameterException(spec.commandLine(), "no folder for output: " + out);
            }
        }
        EcProvider ec = EcProvider.fastest();
        PartyKeys parties = keys == null ? new NoKeys() : new KeyFolder(keys, ec, new GbcsCrypto(ec));
        boolean allOk = true;
        // not closed: that would close the standard output of the process
        PrintStream lines =
                new PrintStream(new BufferedOutputStream(System.out, 1 << 16), false, StandardCharsets.UTF_8);
        try (SharedSecretCache cache = new SharedSecretCache(1024)) {
            GbcsParser parser = GbcsParser.over(parties, ec, cache, acbId);
            DecodedTree trees = tree ? new DecodedTree(UseCaseTable.load()) : null;
            StringBuilder line = new StringBuilder(512);
            for (String file : files) {
                allOk &= one(file, parser, trees, line);
                line.append('\n');
                lines.append(line);
                line.setLength(0);
            }
        } finally {
            lines.flush();
        }
        return allOk ? 0 : 1;
    }

    private boolean one(String file, GbcsParser parser, @Nullable DecodedTree trees, StringBuilder line) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("file", file);
        byte[] bytes;
        try {
            bytes = MessageText.read(Path.of(file));
        } catch (IOException | InvalidPathException e) {
            return unread(fields, "the file cannot be read", line);
        } catch (IllegalArgumentException e) {
            return unread(fields, String.valueOf(e.getMessage()), line);
        }
        ParsedMessage parsed = parser.parse(bytes);
        String reason = parsed.reason();
        try {
            if (parsed.mmc().isPresent()) {
                output(file, ".xml", new String(parsed.mmc().get().xml(), StandardCharsets.UTF_8));
            }
            if (trees != null && parsed.message().isPresent()) {
                DecryptedMessage plain = parsed.decrypted()
                        .orElseGet(() -> new DecryptedMessage(parsed.message().get(), List.of()));
                output(file, ".json", trees.json(plain));
            }
        } catch (IOException e) {
            return unread(fields, "the output cannot be written", line);
        }
        describe(parsed, fields);
        fields.put("reason", reason);
        fields.put("success", parsed.success().orElse(null));
        fields.put(
                "flags", parsed.deviations().stream().map(Deviation::toString).toList());
        parsed.fault().ifPresent(fault -> fields.put("fault", fault.code()));
        JsonValues.write(fields, line);
        return parsed.ok();
    }

    private static void describe(ParsedMessage parsed, Map<String, Object> fields) {
        Optional<GbcsMessage> m = parsed.message();
        fields.put("status", parsed.ok() ? "ok" : "refused");
        fields.put("kind", m.map(x -> x.kind().name()).orElse(null));
        fields.put("messageCode", m.map(x -> x.header().messageCodeHex()).orElse(null));
        fields.put("useCase", parsed.useCase().orElse(null));
        fields.put("originator", m.map(x -> x.header().originator().hex()).orElse(null));
        fields.put("target", m.map(x -> x.header().target().hex()).orElse(null));
        fields.put(
                "counter",
                m.map(x -> Long.toUnsignedString(x.header().counter())).orElse(null));
        fields.put("mac", parsed.mac().verdict().name().toLowerCase(Locale.ROOT));
        fields.put("signature", parsed.signature().verdict().name().toLowerCase(Locale.ROOT));
        fields.put("encrypted", parsed.hasEncryptedParts());
        fields.put("decrypted", parsed.allDecrypted());
        fields.put("mmc", parsed.mmc().isPresent() ? "written" : "none");
    }

    private static boolean unread(Map<String, Object> fields, String reason, StringBuilder line) {
        fields.put("status", "refused");
        for (String name : List.of("kind", "messageCode", "useCase", "originator", "target", "counter")) {
            fields.put(name, null);
        }
        fields.put("mac", "unchecked");
        fields.put("signature", "unchecked");
        fields.put("encrypted", false);
        fields.put("decrypted", false);
        fields.put("mmc", "none");
        fields.put("reason", reason);
        fields.put("success", null);
        fields.put("flags", List.of());
        fields.put("fault", ParseCorrelateFault.INPUT_UNREADABLE.entry().code());
        JsonValues.write(fields, line);
        return false;
    }

    private void output(String file, String ending, String text) throws IOException {
        if (out != null) {
            Files.writeString(out.resolve(Path.of(file).getFileName() + ending), text);
        } else if (files.size() == 1) {
            spec.commandLine().getErr().println(text);
        }
    }

    /** No keys: neither MAC nor signature can be checked. */
    private static final class NoKeys implements PartyKeys {
        @Override
        public Optional<X509Certificate> certificate(Eui64 party, KeyUse use) {
            return Optional.empty();
        }

        @Override
        public Optional<byte[]> agree(Eui64 own, KeyUse use, X509Certificate peer) {
            return Optional.empty();
        }
    }
}
