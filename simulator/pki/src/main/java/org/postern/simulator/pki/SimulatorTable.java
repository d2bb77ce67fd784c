package org.postern.simulator.pki;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.postern.catalogue.PosternException;

/** Reads tab-separated resources of the simulator's bundles: comment lines, one line of column names, rows. */
public final class SimulatorTable {

    private SimulatorTable() {}

    /**
     * The rows.
     *
     * @param beside class in whose package the resource stands
     * @param name of the file
     * @throws PosternException PST-9005 naming file and line where a row has another number of columns
     */
    public static List<String[]> rows(Class<?> beside, String name) {
        List<String[]> rows = new ArrayList<>();
        try (InputStream in = beside.getResourceAsStream(name);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            int columns = 0;
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (line.startsWith("#") || line.isBlank()) {
                    continue;
                }
                String[] row = line.split("\t", -1);
                if (columns == 0) {
                    columns = row.length;
                } else if (row.length != columns) {
                    throw new PosternException(SimulatorFault.TABLE_BROKEN.fault(
                            name + ":" + number, columns + " columns", row.length + " columns", "correct the table"));
                } else {
                    rows.add(row);
                }
            }
        } catch (IOException e) {
            throw new PosternException(
                    SimulatorFault.TABLE_BROKEN.fault(name, "a readable table", "cannot be read", "rebuild the bundle"),
                    e);
        }
        return rows;
    }
}
