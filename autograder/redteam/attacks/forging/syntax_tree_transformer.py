# /// attack
# catalogue = "forging: AST transformer"
# layers = ["boundary"]
# aim = "marks"
# ///
# Has IPython drop every assertion and every expected value from later cells.

# %%
import ast


class Blank(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()

    def visit_Expr(self, node):
        return ast.Pass()


get_ipython().ast_transformers.append(Blank())
