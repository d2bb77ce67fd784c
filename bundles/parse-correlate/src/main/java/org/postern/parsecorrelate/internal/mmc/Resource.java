package org.postern.parsecorrelate.internal.mmc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.Table;
import org.postern.parsecorrelate.ParseCorrelateFault;

/** The resources of the mapping to MMC. */
public final class Resource {

    private static final String FOLDER = "/org/postern/parsecorrelate/mmc/";

    private Resource() {}

    /** Every line of the resource. */
    public static List<String> lines(String name) {
        InputStream in = Resource.class.getResourceAsStream(FOLDER + name);
        if (in == null) {
            throw fault(name, 0, "the tables are part of the bundle", "the resource is missing");
        }
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            List<String> all = new ArrayList<>();
            reader.lines().forEach(all::add);
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a table. */
    public static Table table(String name, String... columns) {
        return Table.resource(Resource.class, FOLDER + name, columns);
    }

    /** The fault for an error in a mapping of this bundle. */
    public static PosternException fault(String name, int line, String rule, String cause) {
        return new PosternException(ParseCorrelateFault.RULES_BROKEN.fault(name + ":" + line, rule, cause));
    }
}
