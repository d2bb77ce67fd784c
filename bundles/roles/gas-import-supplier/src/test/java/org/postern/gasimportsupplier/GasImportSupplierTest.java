package org.postern.gasimportsupplier;

import java.util.Map;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.UserRole;
import org.postern.rolecontract.RoleContract;
import org.postern.servicerequests.RoleBundle;

class GasImportSupplierTest extends RoleContract {

    GasImportSupplierTest() {
        super(UserRole.GS, "gas-import-supplier", 83, "6.7");
    }

    @Override
    protected RoleBundle create(ServiceCatalogue catalogue, Map<String, Object> settings) {
        return new GasImportSupplier(catalogue, settings);
    }

    @Override
    protected Class<?> settings() {
        return GasImportSupplier.Settings.class;
    }

    @Override
    protected boolean topsUp() {
        return true;
    }
}
