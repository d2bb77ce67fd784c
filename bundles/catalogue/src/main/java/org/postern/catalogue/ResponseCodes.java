package org.postern.catalogue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.postern.catalogue.settings.Form;
import org.postern.catalogue.settings.SettingForm;
import org.postern.catalogue.settings.SettingsTable;

/**
 * The meaning of the response codes of the DCC: the table of DUIS 5.4, with rows that a file of the operator may
 * replace or add.
 *
 * <p>Most meanings are not public, so they are configurable. A code in neither table is {@link ResponseClass#MANUAL}
 * and is never retried automatically. Immutable.
 */
@Component(
        service = ResponseCodes.class,
        configurationPid = SettingsTable.IN_FORCE + "org.postern.catalogue",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ResponseCodes.Config.class)
public final class ResponseCodes {

    private static final String RESOURCE = "response-codes.tsv";
    private static final String[] COLUMNS = {"code", "class", "retry", "text"};
    private static final Pattern CODE = Pattern.compile("[A-Z]\\d{1,6}");

    private final Map<String, ResponseCode> codes = new LinkedHashMap<>();

    /** Settings of PID {@code org.postern.catalogue}. */
    @ObjectClassDefinition(name = "Postern catalogue", description = "Response codes of the DCC.")
    public @interface Config {

        @AttributeDefinition(
                name = "File of response codes",
                description =
                        "File with rows that replace or add to the table of response codes; same columns. Empty: none.")
        @Form(form = SettingForm.EXISTING)
        String responseCodesFile() default "";
    }

    /** The table of this bundle, with the rows of the operator if the setting names a file. */
    @Activate
    public ResponseCodes(Config config) {
        this(
                config.responseCodesFile() == null || config.responseCodesFile().isBlank()
                        ? null
                        : Path.of(config.responseCodesFile()));
    }

    private ResponseCodes(@Nullable Path overrides) {
        add(Table.resource(ResponseCodes.class, RESOURCE, COLUMNS));
        if (overrides != null) {
            try (BufferedReader reader = Files.newBufferedReader(overrides)) {
                add(Table.read(overrides.toString(), reader, COLUMNS));
            } catch (IOException e) {
                throw new PosternException(
                        CatalogueFault.RESPONSE_CODES_UNREADABLE.fault(
                                "org.postern.catalogue/responseCodesFile",
                                e.getClass().getSimpleName()),
                        e);
            }
        }
    }

    /** Only the table of this bundle. */
    public static ResponseCodes standard() {
        return new ResponseCodes((Path) null);
    }

    /**
     * The table of this bundle, in which a file of the operator replaces or adds rows.
     *
     * @throws PosternException PST-1004 with file and line for a wrong row, PST-1005 for a file that cannot be read
     */
    public static ResponseCodes withOverrides(Path file) {
        return new ResponseCodes(file);
    }

    private void add(Table table) {
        Map<String, ResponseCode> seen = new LinkedHashMap<>();
        for (Table.Row row : table.rows()) {
            String code = row.matching("code", CODE);
            ResponseClass meaning = row.constant("class", ResponseClass.class);
            boolean retry = row.yes("retry");
            row.require("retry", !retry || meaning == ResponseClass.RETRY, "yes only for class RETRY");
            row.require(
                    "code",
                    seen.put(code, new ResponseCode(code, meaning, retry, row.text("text"))) == null,
                    "each code once");
        }
        codes.putAll(seen);
    }

    /** The meaning of a code; class MANUAL, no retry, for a code that is not in the table. */
    public ResponseCode of(String code) {
        ResponseCode known = codes.get(code);
        return known != null
                ? known
                : new ResponseCode(
                        String.valueOf(code),
                        ResponseClass.MANUAL,
                        false,
                        "Not in the table of response codes; contact the DCC");
    }

    /** True where the code is in a table. */
    public boolean known(String code) {
        return codes.containsKey(code);
    }

    /**
     * The class of a code for a request with this Command Variant. For a non-device request, {@code I99} means that it
     * is complete without a result; for other requests, that the response follows later.
     */
    public ResponseClass classify(String code, CommandVariant variant) {
        ResponseClass meaning = of(code).meaning();
        return meaning == ResponseClass.WAIT && variant == CommandVariant.CV8 ? ResponseClass.DONE : meaning;
    }

    /** All rows, in the order of the tables. */
    public List<ResponseCode> rows() {
        return List.copyOf(codes.values());
    }
}
