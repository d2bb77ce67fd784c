package org.postern.hsm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;

/**
 * One entry of the vault's setting {@code keys}: {@code alias=PURPOSE:entry name:EUI}. One text may contain several,
 * separated by commas.
 *
 * @param alias name by which callers refer to the key: letters, digits, dots, dashes, underscores
 * @param purpose the only purpose of the key
 * @param entry name of the entry in the token or key file
 * @param eui the User ID or remote party that it belongs to
 */
public record KeyBinding(String alias, KeyPurpose purpose, String entry, Eui64 eui) {

    private static final Pattern LINE = Pattern.compile(
            "\\s*([A-Za-z0-9._-]{1,64})\\s*=\\s*([A-Za-z_]+)\\s*:\\s*([^:=,]{1,128}?)\\s*:\\s*([0-9A-Fa-f-]+)\\s*");

    /**
     * Parses the setting; blank entries are ignored.
     *
     * @throws KeyVaultException BAD_SETTING; the message states the index of the entry, never its text
     */
    public static List<KeyBinding> parse(String pid, String... setting) {
        String[] lines = String.join(",", setting).split(",", -1);
        List<KeyBinding> bindings = new ArrayList<>();
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].isBlank()) {
                continue;
            }
            Matcher matcher = LINE.matcher(lines[i]);
            if (!matcher.matches()) {
                throw bad(pid, i, "not of the form alias=PURPOSE:entry name:EUI", null);
            }
            try {
                bindings.add(new KeyBinding(
                        matcher.group(1),
                        KeyPurpose.valueOf(matcher.group(2).toUpperCase(Locale.ROOT)),
                        matcher.group(3),
                        Eui64.parse(matcher.group(4))));
            } catch (PosternException e) {
                throw bad(pid, i, "the last component is not an EUI-64", e);
            } catch (IllegalArgumentException e) {
                throw bad(
                        pid,
                        i,
                        "the purpose is not one of XML_SIGNING, GBCS_SIGNING, KEY_AGREEMENT, PREPAYMENT_KEY_AGREEMENT",
                        e);
            }
        }
        return List.copyOf(bindings);
    }

    private static KeyVaultException bad(String pid, int index, String cause, @Nullable Throwable why) {
        return new KeyVaultException(
                KeyVaultException.Kind.BAD_SETTING,
                pid + ": keys[" + index + "]",
                "alias=PURPOSE:entry name:EUI",
                cause,
                "correct the setting; the example in etc/" + pid + ".cfg shows the form",
                why);
    }
}
