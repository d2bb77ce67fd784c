package org.postern.console.internal.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Option;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.appliance.AllowedFiles;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.console.internal.ConsoleFiles;
import org.postern.console.internal.PosternCommand;
import org.postern.console.internal.Services;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.JsonRequests;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.SharedSecretCache;
import org.postern.ledger.Ledger;
import org.postern.ledger.OpenLedger;
import org.postern.ledger.standalone.LedgerFiles;
import org.postern.parsecorrelate.GbcsParser;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.CredentialChecks;
import org.postern.servicerequests.ServiceRequests;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.TopUps;
import org.postern.servicerequests.UserRoles;
import org.postern.testkit.ForeignBytes;

/**
 * Whatever a command is given, as a file or as an argument: it does it, or fails with a numbered fault that names the
 * argument.
 */
@Timeout(300)
class ForeignArgumentsTest {

    private static final long SEED = Long.getLong("postern.seed", 20261129L);
    private static final int DOCUMENTS = Integer.getInteger("postern.documents", 600);
    private static final String REQUEST =
            "<sr:Request xmlns:sr=\"http://www.dccinterface.co.uk/ServiceUserGateway\" schemaVersion=\"5.4\">"
                    + "<sr:Header><sr:RequestID>90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-A0:1000</sr:RequestID><sr:CommandVariant>4"
                    + "</sr:CommandVariant><sr:ServiceReference>7.1</sr:ServiceReference><sr:ServiceReferenceVariant>7.1"
                    + "</sr:ServiceReferenceVariant></sr:Header><sr:Body><sr:EnableSupply/></sr:Body></sr:Request>";
    private static final String JSON =
            "{\"service\": \"7.1\", \"device\": \"00-DB-12-34-56-78-90-A0\", \"role\": \"IS\"}";
    private static final byte[] MESSAGE = HexFormat.of()
            .parseHex("DF090100000000000003E80890B3D51F300100000800DB1234567890A00002004F15D92"
                    + "00003E8000103000900000A006AFF0101120033");

    @TempDir
    Path folder;

    private final Map<Class<?>, Object> services = new HashMap<>();
    private final Services here = new Services() {
        @Override
        public <T> Optional<T> find(Class<T> type) {
            return Optional.ofNullable(type.cast(services.get(type)));
        }
    };
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private OpenLedger ledger;

    @BeforeEach
    void open() throws Exception {
        ledger = LedgerFiles.open(folder.resolve("ledger.db"), Clock.systemUTC());
        Path imports = Files.createDirectories(folder.resolve("import"));
        services.put(
                ConsoleFiles.class,
                new ConsoleFiles(new AllowedFiles(List.of(imports), List.of(), List.of()), folder.resolve("export")));
        services.put(Ledger.class, ledger);
        EcProvider ec = EcProvider.fastest();
        services.put(EcProvider.class, ec);
        services.put(
                GbcsParser.class,
                GbcsParser.over(
                        new KeyFolder(folder, ec, new GbcsCrypto(ec)),
                        ec,
                        new SharedSecretCache(10),
                        Eui64.parse("90B3D51F30000002")));
        AtomicLong events = new AtomicLong();
        provide(SecurityLog.class, Map.of("append", a -> events.incrementAndGet(), "tail", a -> List.of()));
        DuisReader xml = new DuisReader(DuisLimits.DEFAULT);
        JsonRequests json = new JsonRequests(new ServiceCatalogue(), DuisLimits.DEFAULT);
        provide(ServiceRequests.class, Map.of("admit", a -> {
            Submission given = (Submission) a[0];
            Object read =
                    given.format() == Submission.Format.XML ? xml.readRequest(given.bytes()) : json.read(given.bytes());
            return new Admission.Accepted("id-" + read.hashCode(), "a:b:1", false);
        }));
        provide(CredentialChecks.class, Map.of("check", a -> {
            Object read = a[0] == Submission.Format.XML ? xml.readRequest((byte[]) a[1]) : json.read((byte[]) a[1]);
            throw new PosternException(org.postern.servicerequests.ServiceRequestFault.ROLE_INACTIVE.fault(
                    "role", read.getClass().getSimpleName()));
        }));
        provide(TopUps.class, Map.of("topUp", a -> new Admission.Accepted("id", "a:b:1", false)));
        provide(
                UserRoles.class,
                Map.of("all", a -> List.of(), "active", a -> Optional.empty(), "byUserId", a -> Optional.empty()));
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private <T> void provide(Class<T> type, Map<String, Function<Object[], Object>> answers) {
        services.put(
                type,
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) ->
                                answers.get(method.getName()).apply(arguments)));
    }

    @Test
    void everyFileIsReadOrRefusedByNumber() throws Exception {
        List<byte[]> files = new ArrayList<>();
        for (String document : List.of(REQUEST, JSON)) {
            files.addAll(ForeignBytes.encodings(document));
            ForeignBytes.cuts(document.getBytes(StandardCharsets.UTF_8), files::add);
        }
        ForeignBytes.random(
                SEED,
                DOCUMENTS,
                List.of(
                        REQUEST.getBytes(StandardCharsets.UTF_8),
                        JSON.getBytes(StandardCharsets.UTF_8),
                        MESSAGE,
                        HexFormat.of().formatHex(MESSAGE).getBytes(StandardCharsets.UTF_8)),
                files::add);
        for (byte[] bytes : files) {
            Files.write(folder.resolve("import/file"), bytes);
            for (Supplier<PosternCommand> command : List.<Supplier<PosternCommand>>of(
                    SubmitCommand::new, CheckCertificatesCommand::new, ParseCommand::new)) {
                held(command.get(), "file", bytes);
            }
        }
        System.out.println("console files: seed " + SEED + ", files " + files.size() + ", " + outcomes);
        assertThat(outcomes).containsKeys("SubmitCommand done", "SubmitCommand refused", "ParseCommand refused");
    }

    /** Every argument and option of every command that takes a text from its user. */
    @Test
    void everyArgumentIsUsedOrRefusedByNumber() {
        List<String> texts = new ArrayList<>(List.of(
                "",
                " ",
                "\0",
                "..",
                "/",
                "/etc/passwd",
                "\ud800",
                "9".repeat(70),
                "-1",
                "0",
                "1e9",
                "NaN",
                "IS",
                "7.1",
                "12.50",
                "00-DB-12-34-56-78-90-A0",
                "x".repeat(100_000),
                "%s%n",
                "'; drop table request; --",
                "\u001b[2J"));
        ForeignBytes.random(
                SEED,
                DOCUMENTS / 4,
                List.of(
                        "90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-A0:1000".getBytes(StandardCharsets.UTF_8),
                        "00-DB-12-34-56-78-90-A0".getBytes(StandardCharsets.UTF_8),
                        "12.50".getBytes(StandardCharsets.UTF_8)),
                bytes -> texts.add(new String(bytes, StandardCharsets.UTF_8)));
        List<Supplier<PosternCommand>> commands = List.of(
                ShowCommand::new,
                CancelCommand::new,
                EvidenceCommand::new,
                RecheckCommand::new,
                ParseCommand::new,
                SubmitCommand::new,
                CheckCertificatesCommand::new,
                TopUpCommand::new,
                RaiseCounterCommand::new,
                RequestsCommand::new,
                UseCasesCommand::new,
                LedgerCopyCommand::new,
                TestCommand::new,
                TailCommand::new);
        for (String text : texts) {
            for (Supplier<PosternCommand> command : commands) {
                held(command.get(), text, text.getBytes(StandardCharsets.UTF_8));
            }
        }
        System.out.println("console arguments: seed " + SEED + ", texts " + texts.size() + ", " + outcomes);
    }

    /** With that text in every argument, and in every option that takes one. */
    private void held(PosternCommand command, String text, byte[] about) {
        String name = command.getClass().getSimpleName();
        try {
            for (Field field : command.getClass().getDeclaredFields()) {
                boolean argument = field.isAnnotationPresent(Argument.class);
                if ((argument || field.isAnnotationPresent(Option.class) && !text.equals("file"))
                        && field.getType() == String.class) {
                    field.setAccessible(true);
                    field.set(command, text);
                }
            }
            command.in(
                            here,
                            new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8),
                            about.length % 2 == 0)
                    .execute();
            outcomes.merge(name + " done", 1, Integer::sum);
        } catch (PosternException e) {
            assertThat(e.fault().code()).matches("PST-\\d{4}");
            assertThat(e.fault().field()).as(name + " " + e.fault()).isNotBlank();
            assertThat(e.fault().rule()).isNotBlank();
            outcomes.merge(name + " refused", 1, Integer::sum);
        } catch (Exception | StackOverflowError e) {
            fail(name + " seed " + SEED + " given " + new String(about, StandardCharsets.ISO_8859_1), e);
        }
    }
}
